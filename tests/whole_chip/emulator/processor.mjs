// The Cortex-M0+, run up to the next thing that is due. It works on the registers of the library's
// core, to which it leaves exceptions and all that is rare; flash answers as if it were always in
// the cache.

import { Bus } from './bus.mjs';
import { memoryOf } from './memory.mjs';
import { burstsOf } from './thumb.mjs';

// From an interrupt to the first instruction of its handler (Cortex-M0+ TRM, 3.6), and back
// (estimate: eight words to load).
const ENTRY_CYCLES = 15;
const RETURN_CYCLES = 10;

export class Processor {
  constructor(mcu, timeline, pins) {
    this._core = mcu.core;
    this._timeline = timeline;
    this.asleep = false;
    this.bus = new Bus(mcu, pins);
    const memory = memoryOf(mcu, timeline, this.bus);
    this._burst = burstsOf(mcu.core, timeline, memory);
  }

  // Run up to the timeline's deadline, or until it sleeps.
  run() {
    const core = this._core;
    const { at } = this._timeline;
    while (at[0] < this._timeline.deadline) {
      if (core.interruptsUpdated) {
        // The library would take an exception that PRIMASK keeps off while it waits.
        core.waiting = false;
        if (core.checkForInterrupts()) {
          at[0] += ENTRY_CYCLES;
          this.asleep = false;
        }
      }
      if (this.asleep) {
        if (!this._wakes()) return;
        this.asleep = false;
      }
      if (this._burst()) this._leave();
    }
  }

  // Whether an interrupt is there to wake it, even where it is not taken.
  _wakes() {
    const core = this._core;
    return (core.pendingInterrupts & core.enabledInterrupts) !== 0 || core.pendingSystick || core.pendingPendSV;
  }

  // What is rare is left to the library's core: exception returns, special registers, hints.
  _leave() {
    const core = this._core;
    const { at } = this._timeline;
    const inHandler = core.IPSR !== 0;
    at[0] += core.executeInstruction();
    if (inHandler && core.IPSR === 0) at[0] += RETURN_CYCLES;
    if (core.waiting) {
      core.waiting = false;
      this.asleep = true;
    }
  }
}
