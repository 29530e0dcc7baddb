// What the instructions of a PIO state machine read (RP2040 data sheet, 3.4).

import { ALL_PINS } from './machine_states.mjs';

// The word that IN or MOV takes, of whose bits `count` matter.
export function source(machine, from, count) {
  switch (from) {
    case 0:
      return readPins(machine, count);
    case 1:
      return machine.x;
    case 2:
      return machine.y;
    case 5:
      return status(machine);
    case 6:
      return machine.isr;
    case 7:
      return machine.osr;
    default:
      return 0;
  }
}

function readPins(machine, count) {
  const base = (machine.pinctrl >>> 15) & 31;
  const mask = count === 32 ? ALL_PINS : (1 << count) - 1;
  machine.seenPins |= (mask << base) | (base ? mask >>> (32 - base) : 0);
  const { seen } = machine.block.pins;
  return base ? (seen >>> base) | (seen << (32 - base)) : seen;
}

function status(machine) {
  machine.quiet = 0;
  const { count } = machine.execctrl & 0x10 ? machine.rx : machine.tx;
  return count < (machine.execctrl & 15) ? -1 : 0;
}

export function reversed(value) {
  let result = 0;
  for (let bit = 0; bit < 32; bit++) result |= ((value >>> bit) & 1) << (31 - bit);
  return result;
}
