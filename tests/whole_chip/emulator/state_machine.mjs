// One PIO state machine: its registers, and when it does what (RP2040 data sheet, 3.4 and 3.5).
//
// What stalls, or goes round without changing anything, has no due time: whoever changes what it
// looks at wakes it, so waiting costs nothing.

import { Fifo } from './fifo.mjs';
import { leaveLoop, lookForLoop, newMark } from './idle_loop.mjs';
import { LOOPS, NONE, RUNS } from './machine_states.mjs';
import { execute, sideSet } from './pio_instructions.mjs';

const JMP_Y = 0x80;
// Instruction and place in the program, without side-set and delay.
const ALL_BUT_DELAY = 0xe0ff;

export class StateMachine {
  constructor(block, index) {
    this.block = block;
    this.index = index;
    this.tx = new Fifo();
    this.rx = new Fifo();
    this.enabled = false;
    this.clkdiv = 1 << 16;
    this.execctrl = 0x1f << 12;
    this.shiftctrl = 0b11 << 18;
    this.pinctrl = 5 << 26;
    this.divider = 1;
    this.pc = 0;
    this.x = this.y = this.isr = this.osr = 0;
    this.isrCount = this.osrCount = 0;
    this.due = Infinity;
    this.state = RUNS;
    this.since = 0; // when it began to wait or loop
    this.waitsOn = 0; // the pins that it looks at meanwhile
    this.told = NONE; // an instruction that EXEC or the bus has brought
    this.brought = NONE; // the one that the present instruction brings
    this.stalledOn = RUNS; // what the present instruction waits for
    this.jumped = false;
    this.pushing = false; // an IN that has shifted and has no room for its word
    this.flagging = false; // an IRQ that waits for its flag to be cleared
    this.quiet = 0; // instructions since the last that another part can see
    this.seenPins = 0; // the pins that these have read
    this.period = 0;
    this.mark = newMark();
    this.restart();
  }

  // SM_RESTART: what it was at is forgotten, its registers stay.
  restart() {
    this.isr = this.isrCount = 0;
    this.osrCount = 32;
    this.told = NONE;
    this.pushing = this.flagging = false;
    this.wake(this.block.cycle + 1);
  }

  setEnabled(enabled) {
    if (enabled === this.enabled) return;
    this.wake(this.block.cycle + 1);
    this.enabled = enabled;
    this.due = enabled ? this.block.cycle + 1 : Infinity;
  }

  setClkdiv(value) {
    this.clkdiv = value;
    this.divider = (value >>> 16 || 65536) + ((value >>> 8) & 255) / 256;
  }

  // SHIFTCTRL: FIFOs that are joined otherwise than before are emptied.
  setShiftctrl(value) {
    const changed = (value ^ this.shiftctrl) >>> 30;
    this.shiftctrl = value;
    if (!changed) return;
    const joinTx = (value >>> 30) & 1;
    const joinRx = value >>> 31;
    this.tx.resize(joinTx ? 8 : joinRx ? 0 : 4);
    this.rx.resize(joinRx ? 8 : joinTx ? 0 : 4);
  }

  get pullThreshold() {
    return (this.shiftctrl >>> 25) & 31 || 32;
  }

  get pushThreshold() {
    return (this.shiftctrl >>> 20) & 31 || 32;
  }

  // Nothing is due until somebody calls `wake`.
  pause(state, since, pins) {
    this.state = state;
    this.since = since;
    this.waitsOn = pins;
    this.due = Infinity;
    this.block.pausesChanged();
  }

  // Go on in `cycle`, or at the first tick of its own clock after it.
  wake(cycle) {
    this.quiet = 0;
    if (this.state === RUNS) return;
    if (this.state === LOOPS) leaveLoop(this);
    else this.due = this.since + Math.max(0, Math.ceil((cycle - this.since) / this.divider)) * this.divider;
    this.state = RUNS;
    this.block.pausesChanged();
  }

  // Live through everything up to now, if it was passed over.
  catchUp() {
    if (this.state !== LOOPS) return;
    const now = this.block.cycle;
    this.wake(now);
    while (this.due <= now) this.step();
  }

  // Run an instruction that the bus has written, now.
  force(op) {
    const { cycle } = this.block;
    this.wake(cycle + 1);
    this.told = op;
    if (this._run(op)) this.told = this.brought;
    else if (this.enabled) this._stall(cycle);
  }

  // Run the instruction that is due.
  step() {
    const told = this.told;
    const op = told === NONE ? this.block.instructions[this.pc] : told;
    if ((op & ALL_BUT_DELAY) === (this.pc | JMP_Y) && told === NONE && this.y !== 0 && !this._delay(op)) {
      // `jmp y--` to itself: all rounds at once, and the last falls through.
      sideSet(this, op);
      this.due += (this.y >>> 0) * this.divider;
      this.y = 0;
      return;
    }
    if (!this._run(op)) {
      this._stall(this.due);
      return;
    }
    this.told = this.brought;
    if (told === NONE && !this.jumped) this._next();
    // The delay of an instruction that brings another does not count.
    this.due += (this.brought === NONE ? 1 + this._delay(op) : 1) * this.divider;
    if (this.quiet++ > 8) lookForLoop(this);
  }

  _run(op) {
    this.stalledOn = RUNS;
    this.jumped = false;
    this.brought = NONE;
    return execute(this, op);
  }

  _stall(since) {
    // It may have stalled for a tick only.
    if (this.stalledOn === RUNS) this.due = since + this.divider;
    else this.pause(this.stalledOn, since, this.waitsOn);
  }

  _next() {
    const top = (this.execctrl >>> 12) & 31;
    this.pc = this.pc === top ? (this.execctrl >>> 7) & 31 : (this.pc + 1) & 31;
  }

  _delay(op) {
    return (op >>> 8) & 31 & (0x1f >>> (this.pinctrl >>> 29));
  }
}
