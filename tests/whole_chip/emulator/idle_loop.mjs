// A state machine that goes round and comes back to where it was, without anything that another
// part can see, is passed over until something that it reads has changed.

import { LOOPS } from './machine_states.mjs';

// After so many such instructions its state is marked; within so many more it must come back.
const MARK_AFTER = 10;
const LONGEST = 64;
const STATE = ['pc', 'told', 'x', 'y', 'isr', 'isrCount', 'osr', 'osrCount'];

// Called after each instruction beyond the first few quiet ones.
export function lookForLoop(machine) {
  const { mark } = machine;
  if (machine.quiet === MARK_AFTER) {
    for (const name of STATE) mark[name] = machine[name];
    mark.due = machine.due;
    mark.levels = machine.block.pins.seen;
    machine.seenPins = 0;
    return;
  }
  if (machine.quiet > MARK_AFTER + LONGEST) {
    machine.quiet = 0;
    return;
  }
  if (machine.pc !== mark.pc || machine.isr !== mark.isr) return;
  for (const name of STATE) if (machine[name] !== mark[name]) return;
  if ((machine.block.pins.seen ^ mark.levels) & machine.seenPins) {
    // A pin has changed since it was read: nobody would wake it for that.
    machine.quiet = 0;
    return;
  }
  machine.period = machine.due - mark.due;
  machine.pause(LOOPS, machine.due, machine.seenPins);
}

// Whole rounds up to now have passed; what is left of the last one is run as ever.
export function leaveLoop(machine) {
  const passed = Math.max(0, machine.block.cycle - machine.since);
  machine.due = machine.since + Math.floor(passed / machine.period) * machine.period;
}

export function newMark() {
  return { due: 0, levels: 0, pc: 0, told: 0, x: 0, y: 0, isr: 0, isrCount: 0, osr: 0, osrCount: 0 };
}
