// Single instructions of the processor, by the ARMv6-M Architecture Reference Manual (A6.7).

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Pico } from '../pico.mjs';

const AT = 0x20000100;
const N = 8;
const Z = 4;
const C = 2;
const V = 1;

const pico = new Pico({ wire() {}, onBytes() {} });
const { core } = pico.mcu;

// Run one instruction at AT; registers 0 to 7 and the flags after it.
function run(op, registers, flags = 0, second = 0xbf00) {
  registers.forEach((value, place) => (core.registers[place] = value));
  core.registers[15] = AT;
  [core.N, core.Z, core.C, core.V] = [flags & N, flags & Z, flags & C, flags & V].map(Boolean);
  pico.mcu.writeUint16(AT, op);
  pico.mcu.writeUint16(AT + 2, second);
  pico.processor.asleep = false;
  const before = pico.timeline.cycle;
  pico.timeline.deadline = before + 1;
  pico.processor.run();
  return {
    registers: [...core.registers.subarray(0, 8)],
    flags: (core.N ? N : 0) | (core.Z ? Z : 0) | (core.C ? C : 0) | (core.V ? V : 0),
    cycles: pico.timeline.cycle - before,
    pc: core.registers[15] - AT,
  };
}

// Name, instruction, r0, r1, flags before; r0 and flags after.
const RESULTS = [
  ['LSLS by 32 carries the lowest bit', 0x4088, 1, 32, 0, 0, Z | C],
  ['LSLS by more clears the carry', 0x4088, 0xffffffff, 33, C, 0, Z],
  ['LSLS by nothing keeps the carry', 0x4088, 0x80000000, 0x100, C, 0x80000000, N | C],
  ['LSRS by 32 carries the highest bit', 0x40c8, 0x80000000, 32, 0, 0, Z | C],
  ['ASRS by much fills with the sign', 0x4108, 0x80000000, 40, 0, 0xffffffff, N | C],
  ['RORS by 32 keeps the value', 0x41c8, 0x80000001, 32, 0, 0x80000001, N | C],
  ['RORS by nothing keeps the carry', 0x41c8, 0x80000001, 0, 0, 0x80000001, N],
  ['ADCS takes the carry into the overflow', 0x4148, 0x7fffffff, 0, C, 0x80000000, N | V],
  ['ADCS carries out of all ones', 0x4148, 0xffffffff, 0, C, 0, Z | C],
  ['SBCS without a borrow', 0x4188, 5, 5, C, 0, Z | C],
  ['SBCS with a borrow', 0x4188, 5, 5, 0, 0xffffffff, N],
  ['SBCS overflows only where the whole does', 0x4188, 0, 0x7fffffff, 0, 0x80000000, N],
  ['NEGS of nothing has no borrow', 0x4248, 9, 0, 0, 0, Z | C],
  ['NEGS of the least overflows', 0x4248, 0, 0x80000000, 0, 0x80000000, N | V],
  ['ADDS overflows', 0x1840, 0x7fffffff, 1, 0, 0x80000000, N | V],
  ['SUBS of equals', 0x1a40, 7, 7, 0, 0, Z | C],
  ['MULS keeps 32 bits', 0x4348, 0x10001, 0x10001, C, 0x20001, C],
  ['REVSH', 0xbac8, 0, 0x1280, 0, 0xffff8012, 0],
  ['SXTB', 0xb248, 0, 0x180, 0, 0xffffff80, 0],
];

for (const [name, op, r0, r1, before, after, flags] of RESULTS) {
  test(name, () => {
    const told = run(op, [r0, r1], before);
    assert.equal(told.registers[0], after);
    assert.equal(told.flags, flags);
    assert.equal(told.cycles, 1);
  });
}

test('STM always moves its base on, LDM not a base that it loads', () => {
  const place = 0x20001000;
  assert.equal(run(0xc003, [place, 5]).registers[0], place + 8);
  pico.mcu.writeUint32(place, 77);
  assert.equal(run(0xc803, [place, 0]).registers[0], 77);
});

// Cycles by the Cortex-M0+ Technical Reference Manual, 3.3.
const CYCLES = [
  ['a branch taken', 0xe000, 2, 4],
  ['a branch not taken', 0xd0fe, 1, 2],
  ['BX', 0x4708, 2, 0],
  ['a load', 0x6808, 2, 2],
  ['a store', 0x6008, 2, 2],
  ['PUSH of three and LR', 0xb507, 5, 2],
];

for (const [name, op, cycles, pc] of CYCLES) {
  test(`${name} takes ${cycles}`, () => {
    core.registers[13] = 0x20002000;
    const told = run(op, [0, AT | 1]);
    assert.equal(told.cycles, cycles);
    assert.equal(told.pc, pc);
  });
}

test('BL goes both ways and takes 3', () => {
  assert.deepEqual([run(0xf000, [], 0, 0xf804)].map(({ pc, cycles }) => [pc, cycles]), [[12, 3]]);
  assert.equal(run(0xf7ff, [], 0, 0xfffc).pc, -4);
  assert.equal(core.registers[14], AT + 5);
});

test('an interrupt wakes a sleeping processor, masked or not', () => {
  core.PM = true;
  run(0xbf30, []);
  assert.equal(pico.processor.asleep, true);
  core.enabledInterrupts = 1;
  pico.mcu.setInterrupt(0, true);
  const before = core.registers[15];
  pico.timeline.deadline = pico.timeline.cycle + 1;
  pico.processor.run();
  assert.equal(pico.processor.asleep, false);
  // It goes on after the WFI; the exception waits for PRIMASK.
  assert.equal(core.registers[15], before + 2);
  assert.equal(core.IPSR, 0);
});
