// A PIO block on the cycles of the system's clock: each state machine runs when it is due, and all
// that they do in one cycle counts from the next (RP2040 data sheet, 3.7).

import { BasePeripheral } from './library.mjs';
import { InterruptLines } from './interrupt_lines.mjs';
import { readMachine, writeMachine } from './machine_registers.mjs';
import { LOOPS, WAITS_FLAG, WAITS_PIN, WAITS_RX, WAITS_TX } from './machine_states.mjs';
import { StateMachine } from './state_machine.mjs';

const CTRL = 0x00;
const FSTAT = 0x04;
const FDEBUG = 0x08;
const FLEVEL = 0x0c;
const TXF = 0x10;
const RXF = 0x20;
const IRQ = 0x30;
const IRQ_FORCE = 0x34;
const SYNC_BYPASS = 0x38;
const PADOUT = 0x3c;
const PADOE = 0x40;
const CFGINFO = 0x44;
const SLOTS = 0x48;
const MACHINES = 0xc8;
const INTR = 0x128;
const INTE0 = 0x12c;
const LAST = 0x140;
const TX_OVER = 1 << 16;
const RX_UNDER = 1 << 8;

export class ClockCoupledPio extends BasePeripheral {
  constructor(mcu, index, timeline, pins) {
    super(mcu, `PIO${index}`);
    this.timeline = timeline;
    this.pins = pins;
    this.instructions = new Uint16Array(32);
    this.pinValues = 0;
    this.pinDirections = 0;
    this.flags = 0;
    this.due = Infinity;
    // The pins that a waiting state machine looks at.
    this.sensitive = 0;
    // Called with the mask of state machines that a write has switched off.
    this.onOff = null;
    this._firstDreq = 8 * index;
    this._lines = new InterruptLines(mcu, 7 + 2 * index);
    this._set = 0;
    this._clear = 0;
    this._pinsWritten = false;
    this._fdebug = 0;
    this._bypass = 0;
    this.machines = [];
    for (let machine = 0; machine < 4; machine++) this.machines.push(new StateMachine(this, machine));
    this.machines.forEach((machine) => {
      this.txChanged(machine);
      this.rxChanged(machine);
    });
  }

  get cycle() {
    return this.timeline.at[0];
  }

  // Run what is due in this cycle.
  run() {
    const end = this.cycle + 1;
    for (const machine of this.machines) while (machine.due < end) machine.step();
    this.settle();
  }

  // What was done in this cycle comes into force.
  settle() {
    const before = this.flags;
    this.flags = (before & ~this._clear) | this._set;
    this._set = this._clear = 0;
    if (this.flags !== before) {
      for (const machine of this.machines) {
        machine.catchUp();
        if (machine.state === WAITS_FLAG) machine.wake(this.cycle + 1);
      }
      this._interrupt();
    }
    if (this._pinsWritten) {
      this._pinsWritten = false;
      this.pins.update();
    }
    this._expect();
  }

  // The state machines call these as they run.

  changeFlags(machine, clear, set) {
    machine.quiet = 0;
    this._clear |= clear;
    this._set |= set;
  }

  writePins(machine, value, base, count, toDirections) {
    const mask = count >= 32 ? -1 : (1 << count) - 1;
    const place = base & 31;
    const rotate = (bits) => (bits << place) | (place ? bits >>> (32 - place) : 0);
    const where = rotate(mask);
    const before = toDirections ? this.pinDirections : this.pinValues;
    const after = (before & ~where) | rotate(value & mask);
    if (after === before) return;
    if (toDirections) this.pinDirections = after;
    else this.pinValues = after;
    machine.quiet = 0;
    this._pinsWritten = true;
  }

  txChanged(machine) {
    this._request(machine.index, !machine.tx.full);
  }

  rxChanged(machine) {
    this._request(machine.index + 4, machine.rx.count > 0);
  }

  pausesChanged() {
    let sensitive = 0;
    for (const { state, waitsOn } of this.machines) {
      if (state === WAITS_PIN || state === LOOPS) sensitive |= waitsOn;
    }
    this.sensitive = sensitive;
    this._expect();
  }

  // The pins call these around a change that a state machine here looks at.

  catchUp() {
    for (const machine of this.machines) machine.catchUp();
  }

  pinsChanged(changed) {
    for (const machine of this.machines) {
      const { state } = machine;
      if ((state === WAITS_PIN || state === LOOPS) && machine.waitsOn & changed) machine.wake(this.cycle + 1);
    }
  }

  readUint32(offset) {
    if (offset >= MACHINES && offset < INTR) return readMachine(this, offset - MACHINES);
    if (offset >= SLOTS && offset < MACHINES) return this.instructions[(offset - SLOTS) >> 2];
    if (offset >= RXF && offset < IRQ) return this._readRx(this.machines[(offset - RXF) >> 2]);
    switch (offset) {
      case CTRL:
        return this._mask((machine) => machine.enabled);
      case FSTAT:
        return this._fstat();
      case FDEBUG:
        return this._fdebug;
      case FLEVEL:
        return this._levels();
      case IRQ:
        return this.flags;
      case SYNC_BYPASS:
        return this._bypass;
      case PADOUT:
        return this.pinValues >>> 0;
      case PADOE:
        return this.pinDirections >>> 0;
      case CFGINFO:
        return (32 << 16) | (4 << 8) | 4;
      case INTR:
        return this._raw();
    }
    if (offset >= INTE0 && offset <= LAST) return this._lines.read((offset - INTE0) >> 2, this._raw());
    return super.readUint32(offset);
  }

  writeUint32(offset, value) {
    if (offset >= TXF && offset < RXF) this._writeTx(this.machines[(offset - TXF) >> 2], value);
    else {
      this.catchUp();
      this._write(offset, value);
    }
    this.settle();
  }

  _write(offset, value) {
    if (offset >= MACHINES && offset < INTR) writeMachine(this, offset - MACHINES, value);
    else if (offset >= SLOTS && offset < MACHINES) this.instructions[(offset - SLOTS) >> 2] = value;
    else if (offset === CTRL) this._control(value);
    else if (offset === FDEBUG) this._fdebug &= ~this.rawWriteValue;
    else if (offset === IRQ) this._clear |= this.rawWriteValue & 255;
    else if (offset === IRQ_FORCE) this._set |= value & 255;
    else if (offset === SYNC_BYPASS) this._bypass = value;
    else if (offset >= INTE0 && offset <= LAST) this._lines.write((offset - INTE0) >> 2, value, this._raw());
    else super.writeUint32(offset, value);
  }

  _control(value) {
    let off = 0;
    for (const machine of this.machines) {
      const bit = 1 << machine.index;
      if (machine.enabled && !(value & bit)) off |= bit;
      machine.setEnabled((value & bit) !== 0);
      if (value & (bit << 4)) machine.restart();
      if (value & (bit << 8) && machine.enabled && machine.due < Infinity) machine.due = this.cycle + 1;
    }
    if (off && this.onOff) this.onOff(off);
  }

  _writeTx(machine, word) {
    if (machine.tx.full) {
      this._fdebug |= TX_OVER << machine.index;
      return;
    }
    machine.catchUp();
    machine.tx.push(word | 0, this.cycle);
    this.txChanged(machine);
    if (machine.state === WAITS_TX || machine.state === LOOPS) machine.wake(this.cycle + 1);
  }

  _readRx(machine) {
    if (!machine.rx.count) {
      this._fdebug |= RX_UNDER << machine.index;
      return 0;
    }
    const word = machine.rx.pull();
    this.rxChanged(machine);
    if (machine.state === WAITS_RX) machine.wake(this.cycle + 1);
    return word >>> 0;
  }

  _mask(holds) {
    let mask = 0;
    for (const machine of this.machines) if (holds(machine)) mask |= 1 << machine.index;
    return mask;
  }

  _fstat() {
    const txEmpty = this._mask(({ tx }) => !tx.count);
    const txFull = this._mask(({ tx }) => tx.full);
    const rxEmpty = this._mask(({ rx }) => !rx.count);
    const rxFull = this._mask(({ rx }) => rx.full);
    return (txEmpty << 24) | (txFull << 16) | (rxEmpty << 8) | rxFull;
  }

  _levels() {
    let all = 0;
    for (const { index, tx, rx } of this.machines) all |= ((rx.count << 4) | tx.count) << (8 * index);
    return all >>> 0;
  }

  _raw() {
    const some = this._mask(({ rx }) => rx.count);
    const room = this._mask(({ tx }) => !tx.full);
    return ((this.flags & 15) << 8) | (room << 4) | some;
  }

  _interrupt() {
    if (this._lines.wanted) this._lines.set(this._raw());
  }

  _request(number, wanted) {
    const { dma } = this.rp2040;
    if (wanted) dma.setDREQ(this._firstDreq + number);
    else dma.clearDREQ(this._firstDreq + number);
    this._interrupt();
  }

  _expect() {
    let due = Infinity;
    for (const machine of this.machines) if (machine.due < due) due = machine.due;
    this.due = due;
    this.timeline.expect(Math.floor(due));
  }
}
