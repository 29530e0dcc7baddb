// The instructions of a PIO state machine (RP2040 data sheet, 3.4), and autopull (3.5.4).

import { AUTOPULL, AUTOPUSH, IN_RIGHT, OUT_RIGHT } from './machine_states.mjs';
import { WAITS_FLAG, WAITS_PIN, WAITS_RX, WAITS_TX } from './machine_states.mjs';
import { reversed, source } from './pio_sources.mjs';

const EXECUTE = [jump, waitFor, shiftIn, shiftOut, pushOrPull, move, flag, set];
const TO_EXEC = 7;
const TO_ISR = 6;
const TO_OSR = 7;

// True where the instruction is through; else `stalledOn` says what it waits for.
export function execute(machine, op) {
  sideSet(machine, op);
  const through = EXECUTE[op >>> 13](machine, op);
  if (through && machine.tx.count && machine.shiftctrl & AUTOPULL) {
    // Beside whatever is done, OSR is filled again as soon as it is empty.
    if (machine.osrCount >= machine.pullThreshold) take(machine);
  }
  return through;
}

export function sideSet(machine, op) {
  const sideBits = machine.pinctrl >>> 29;
  if (!sideBits) return;
  const optional = (machine.execctrl >>> 30) & 1;
  const field = ((op >>> 8) & 31) >>> (5 - sideBits);
  const bits = sideBits - optional;
  if (optional && !(field >>> bits)) return;
  const toDirections = (machine.execctrl >>> 29) & 1;
  machine.block.writePins(machine, field, machine.pinctrl >>> 10, bits, toDirections);
}

function goTo(machine, place) {
  machine.pc = place & 31;
  machine.jumped = true;
}

function jump(machine, op) {
  if (isTaken(machine, (op >>> 5) & 7)) goTo(machine, op);
  return true;
}

function isTaken(machine, condition) {
  const { x, y } = machine;
  switch (condition) {
    case 0:
      return true;
    case 1:
      return x === 0;
    case 2:
      machine.x = (x - 1) | 0;
      return x !== 0;
    case 3:
      return y === 0;
    case 4:
      machine.y = (y - 1) | 0;
      return y !== 0;
    case 5:
      return x !== y;
    case 6: {
      const pin = (machine.execctrl >>> 24) & 31;
      machine.seenPins |= 1 << pin;
      return ((machine.block.pins.seen >>> pin) & 1) === 1;
    }
    default:
      return machine.osrCount < machine.pullThreshold;
  }
}

function waitFor(machine, op) {
  const level = (op >>> 7) & 1;
  const source = (op >>> 5) & 3;
  if (source === 2) {
    const number = flagOf(machine, op);
    if (((machine.block.flags >>> number) & 1) !== level) {
      machine.stalledOn = WAITS_FLAG;
      return false;
    }
    if (level) machine.block.changeFlags(machine, 1 << number, 0);
    return true;
  }
  const pin = ((source === 1 ? machine.pinctrl >>> 15 : 0) + op) & 31;
  machine.seenPins |= 1 << pin;
  if (((machine.block.pins.seen >>> pin) & 1) === level) return true;
  machine.stalledOn = WAITS_PIN;
  machine.waitsOn = 1 << pin;
  return false;
}

function shiftIn(machine, op) {
  if (!machine.pushing) {
    const count = op & 31 || 32;
    const value = source(machine, (op >>> 5) & 7, count);
    if (count === 32) machine.isr = value;
    else {
      const bits = value & ((1 << count) - 1);
      if (machine.shiftctrl & IN_RIGHT) machine.isr = (machine.isr >>> count) | (bits << (32 - count));
      else machine.isr = (machine.isr << count) | bits;
    }
    machine.isrCount = Math.min(32, machine.isrCount + count);
    if (!(machine.shiftctrl & AUTOPUSH) || machine.isrCount < machine.pushThreshold) return true;
  }
  machine.pushing = machine.rx.full;
  return machine.pushing ? stallOnRx(machine) : give(machine);
}

function shiftOut(machine, op) {
  if (machine.shiftctrl & AUTOPULL && machine.osrCount >= machine.pullThreshold) {
    if (!machine.tx.count) return stallOnTx(machine);
    const { arrived } = machine.tx;
    take(machine);
    // It was filled beside an earlier tick, unless the word has only just come.
    if (arrived >= machine.block.cycle - 1) return false;
  }
  const count = op & 31 || 32;
  let value = machine.osr;
  if (count === 32) machine.osr = 0;
  else if (machine.shiftctrl & OUT_RIGHT) {
    value &= (1 << count) - 1;
    machine.osr >>>= count;
  } else {
    value >>>= 32 - count;
    machine.osr <<= count;
  }
  machine.osr |= 0;
  machine.osrCount = Math.min(32, machine.osrCount + count);
  const to = (op >>> 5) & 7;
  if (to === TO_ISR) {
    machine.isr = value | 0;
    machine.isrCount = count;
  } else if (to === TO_EXEC) machine.brought = value & 0xffff;
  else write(machine, to, value);
  return true;
}

function pushOrPull(machine, op) {
  const onlyIfDue = op & 0x40;
  const blocks = op & 0x20;
  if (op & 0x80) {
    // With autopull, or where it says so, a full OSR is left as it is.
    const isDue = machine.osrCount >= machine.pullThreshold;
    if (!isDue && (onlyIfDue || machine.shiftctrl & AUTOPULL)) return true;
    if (machine.tx.count) return take(machine);
    if (blocks) return stallOnTx(machine);
    machine.osr = machine.x;
    machine.osrCount = 0;
    return true;
  }
  if (onlyIfDue && machine.isrCount < machine.pushThreshold) return true;
  if (!machine.rx.full) return give(machine);
  if (blocks) return stallOnRx(machine);
  machine.isr = machine.isrCount = 0;
  return true;
}

function move(machine, op) {
  let value = source(machine, op & 7, 32);
  const change = (op >>> 3) & 3;
  if (change === 1) value = ~value;
  else if (change === 2) value = reversed(value);
  const to = (op >>> 5) & 7;
  if (to === TO_ISR) {
    machine.isr = value;
    machine.isrCount = 0;
  } else if (to === TO_OSR) {
    machine.osr = value;
    machine.osrCount = 0;
  } else if (to === 4) machine.brought = value & 0xffff;
  else write(machine, to, value);
  return true;
}

function flag(machine, op) {
  const bit = 1 << flagOf(machine, op);
  if (op & 0x40) {
    machine.block.changeFlags(machine, bit, 0);
    return true;
  }
  if (!machine.flagging) {
    machine.block.changeFlags(machine, 0, bit);
    machine.flagging = (op & 0x20) !== 0;
    return !machine.flagging;
  }
  machine.flagging = (machine.block.flags & bit) !== 0;
  if (machine.flagging) machine.stalledOn = WAITS_FLAG;
  return !machine.flagging;
}

function flagOf(machine, op) {
  return op & 0x10 ? (op & 4) | ((op + machine.index) & 3) : op & 7;
}

function set(machine, op) {
  const to = (op >>> 5) & 7;
  const count = (machine.pinctrl >>> 26) & 7;
  if (to === 0 || to === 4) machine.block.writePins(machine, op & 31, machine.pinctrl >>> 5, count, to);
  else write(machine, to, op & 31);
  return true;
}

// To the out pins, x, y, the out pins' directions or the place in the program.
function write(machine, to, value) {
  if (to === 1) machine.x = value | 0;
  else if (to === 2) machine.y = value | 0;
  else if (to === 5) goTo(machine, value);
  else if (to !== 3) machine.block.writePins(machine, value, machine.pinctrl, (machine.pinctrl >>> 20) & 63, to);
}

function take(machine) {
  machine.osr = machine.tx.pull();
  machine.osrCount = 0;
  machine.quiet = 0;
  machine.block.txChanged(machine);
  return true;
}

function give(machine) {
  machine.rx.push(machine.isr, machine.block.cycle);
  machine.isr = machine.isrCount = 0;
  machine.quiet = 0;
  machine.block.rxChanged(machine);
  return true;
}

function stallOnTx(machine) {
  machine.stalledOn = WAITS_TX;
  return false;
}

function stallOnRx(machine) {
  machine.stalledOn = WAITS_RX;
  return false;
}
