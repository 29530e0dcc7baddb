// The PIO blocks, cycle by cycle (RP2040 data sheet, 3.4 and 3.5), without a processor.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Pico } from '../pico.mjs';

const NOP = 0xa042; // mov y, y
const STEP_PIN = 6;
const JOINED_TX = 1 << 30;
const TO_RIGHT = 0b11 << 18;
const AUTOPULL = 1 << 17;

class Bare {
  constructor() {
    this.pico = new Pico({ wire() {}, onBytes() {} });
    this.block = this.pico.blocks[0];
    this.edges = [];
    for (const pin of [STEP_PIN, STEP_PIN + 1]) {
      this.pico.mcu.gpio[pin].ctrl = 6;
      this.pico.mcu.gpio[pin].checkForUpdates();
      this.pico.pins.watch(pin, (level) => this.edges.push([this.pico.timeline.cycle, pin, level]));
    }
  }

  // A state machine with a program from slot `at` on; the set, out and side-set pins begin at STEP.
  load(index, program, { at = 0, shift = TO_RIGHT, side = 0, divider = 1 << 16 } = {}) {
    const machine = this.block.machines[index];
    program.forEach((op, place) => (this.block.instructions[at + place] = op));
    machine.setClkdiv(divider);
    machine.execctrl = ((at + program.length - 1) << 12) | (at << 7);
    machine.setShiftctrl(shift);
    machine.pinctrl = (side << 29) | (2 << 26) | (2 << 20) | (STEP_PIN << 10) | (STEP_PIN << 5) | STEP_PIN;
    machine.force(0xe083); // set pindirs, 3
    machine.force(at); // jmp
    this.block.settle();
    return machine;
  }

  on(mask) {
    this.block.writeUint32Atomic(0, mask, 2);
  }

  run(cycles) {
    this.pico.run(cycles * 8);
  }

  rises(pin = STEP_PIN) {
    return this.edges.filter(([, edge, level]) => edge === pin && level).map(([cycle]) => cycle);
  }
}

test('who waits for a flag goes on in the next but one cycle', () => {
  for (const [setter, waiter] of [[0, 1], [1, 0]]) {
    const bare = new Bare();
    // irq set 6; then the end. wait 1 irq 6; set pins, 1.
    bare.load(setter, [NOP, NOP, NOP, 0xc006, 0x0004], { at: 0 });
    bare.load(waiter, [0x20c6, 0xe001, 0x0012], { at: 16 });
    const began = bare.pico.timeline.cycle;
    bare.on(0b11);
    bare.run(40);
    // The flag is set in the fourth cycle after the start.
    assert.deepEqual(bare.rises(), [began + 4 + 2]);
    assert.equal(bare.block.flags, 0);
  }
});

test('delays and side-set are counted, also of what OUT EXEC brings', () => {
  const bare = new Bare();
  // out exec, 16 side 0; what it brings: nop side 1 [3], nop side 0 [2], by turns.
  const machine = bare.load(0, [0x60f0], { side: 1, shift: TO_RIGHT | AUTOPULL | JOINED_TX });
  for (let word = 0; word < 3; word++) machine.tx.push((0xa242 << 16) | 0xb342 | 0, -9);
  bare.on(1);
  bare.run(60);
  const rises = bare.rises();
  assert.equal(rises.length, 3);
  // 1 for OUT, 4 high, 1 for OUT, 3 low.
  assert.deepEqual([rises[1] - rises[0], rises[2] - rises[1]], [9, 9]);
  const falls = bare.edges.filter(([, , level]) => !level).map(([cycle]) => cycle);
  assert.equal(falls[0] - rises[0], 4);
});

test('OUT stalls until its word is there, and one cycle more', () => {
  const bare = new Bare();
  const machine = bare.load(0, [0x6001, 0x0001], { shift: TO_RIGHT | AUTOPULL });
  bare.on(1);
  bare.run(50);
  assert.deepEqual(bare.rises(), []);
  const now = bare.pico.timeline.cycle;
  bare.block.writeUint32(0x10, 1);
  bare.run(10);
  // Seen in the next cycle, taken in it, put out in the one after.
  assert.deepEqual(bare.rises(), [now + 2]);
  assert.equal(machine.tx.count, 0);
});

test('a counting jump to itself takes a cycle a round', () => {
  const bare = new Bare();
  bare.load(0, [0xe04a, 0x0081, 0xe001, 0xe000]); // set y, 10; jmp y--; set pins, 1; set pins, 0
  bare.on(1);
  bare.run(60);
  const [first, second] = bare.rises();
  assert.equal(second - first, 1 + 1 + 11 + 1);
});

test('a divided clock keeps its fraction', () => {
  const bare = new Bare();
  bare.load(0, [0xe001, 0xe000], { divider: (2 << 16) | (128 << 8) });
  bare.on(1);
  bare.run(1000);
  const rises = bare.rises();
  assert.equal(rises[100] - rises[0], 500);
});

test('a full RX FIFO stalls the push, not before', () => {
  const bare = new Bare();
  const machine = bare.load(0, [0xe021, 0x4020, 0x8020]); // set x, 1; in x, 32; push
  bare.on(1);
  bare.run(100);
  assert.equal(machine.rx.count, 4);
  bare.block.readUint32(0x20);
  bare.run(10);
  assert.equal(machine.rx.count, 4);
});

test('what is passed over is as if each instruction had run', () => {
  const chips = [new Bare(), new Bare()];
  // in pins, 2; mov x, isr; mov isr, null; jmp x != y to the last; nop; nop [1].
  const program = [0x4002, 0xa026, 0xa0c3, 0x00a5, NOP, 0xa142];
  const machines = chips.map((bare) => bare.load(0, program));
  machines.forEach((machine) => (machine.pinctrl |= 10 << 15));
  chips.forEach((bare) => {
    // Inputs are enabled as the firmware does it.
    for (const pin of [10, 11]) {
      bare.pico.mcu.gpio[pin].padValue |= 1 << 6;
      bare.pico.mcu.gpio[pin].checkForUpdates();
    }
    bare.on(1);
  });
  let seed = 1;
  let passedOver = 0;
  for (let round = 0; round < 400; round++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    // Every other time a pin changes just as it is about to be passed over.
    const cycles = 1 + ((seed >>> 16) % (round & 1 ? 40 : 400));
    chips[0].run(cycles);
    for (let cycle = 0; cycle < cycles; cycle++) {
      chips[1].run(1);
      machines[1].quiet = 0;
    }
    if (machines[0].due === Infinity) passedOver++;
    machines[0].catchUp();
    for (const name of ['pc', 'x', 'isr', 'due']) assert.equal(machines[0][name], machines[1][name], name);
    for (const bare of chips) bare.pico.pins.drive(10 + (seed & 1), (seed >>> 8) & 1);
  }
  assert.ok(passedOver > 50);
});
