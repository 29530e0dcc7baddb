// Emulated time: cycles of the system's clock, nanoseconds since the last reset, and what is due.
// It is also the clock that the library's peripherals ask and set their alarms on.

const NEVER = Infinity;

class Alarm {
  constructor(timeline, callback) {
    this.timeline = timeline;
    this.callback = callback;
    this.nanos = 0;
    this.cycle = NEVER;
    this.next = null;
    this.scheduled = false;
  }

  // Due `delay` nanoseconds from now.
  schedule(delay) {
    if (this.scheduled) this.cancel();
    this.nanos = this.timeline.nanos + delay;
    this.cycle = this.timeline.cycleAt(this.nanos);
    this.timeline.link(this);
  }

  // Due in a cycle of the system's clock.
  scheduleCycle(cycle) {
    if (this.scheduled) this.cancel();
    this.cycle = cycle;
    this.nanos = this.timeline.nanosAt(cycle);
    this.timeline.link(this);
  }

  cancel() {
    if (this.scheduled) this.timeline.unlink(this);
  }
}

export class Timeline {
  constructor(frequency) {
    // A typed array, since a number beyond 31 bits in a field would be a new object each time.
    this.at = new Float64Array(1);
    this.deadline = 0;
    this.first = null;
    this.baseCycle = 0;
    this.baseNanos = 0;
    this.nanosPerCycle = 1e9 / frequency;
  }

  get cycle() {
    return this.at[0];
  }

  get nanos() {
    return this.nanosAt(this.at[0]);
  }

  get micros() {
    return this.nanos / 1000;
  }

  nanosAt(cycle) {
    return this.baseNanos + (cycle - this.baseCycle) * this.nanosPerCycle;
  }

  cycleAt(nanos) {
    const cycles = (nanos - this.baseNanos) / this.nanosPerCycle;
    // A quotient that is whole but for rounding is whole.
    return this.baseCycle + Math.ceil(cycles - 1e-6);
  }

  // The system's clock runs at `frequency` Hz from now on.
  setFrequency(frequency) {
    this.baseNanos = Math.round(this.nanos);
    this.baseCycle = this.at[0];
    this.nanosPerCycle = 1e9 / frequency;
    for (let alarm = this.first; alarm; alarm = alarm.next) {
      alarm.cycle = Math.max(this.baseCycle, this.cycleAt(alarm.nanos));
    }
    this.deadline = 0;
  }

  createAlarm(callback) {
    return new Alarm(this, callback);
  }

  // When the next alarm is due, in cycles.
  get nextCycle() {
    return this.first ? this.first.cycle : NEVER;
  }

  // Take note that something may be due at `cycle`, so that the processor does not run past it.
  expect(cycle) {
    if (cycle < this.deadline) this.deadline = cycle;
  }

  // Call the first alarm back, in its own cycle.
  fireFirst() {
    const alarm = this.first;
    this.first = alarm.next;
    alarm.next = null;
    alarm.scheduled = false;
    alarm.callback();
  }

  link(alarm) {
    let before = null;
    let after = this.first;
    // Alarms of one cycle keep the order in which they were set.
    while (after && after.cycle <= alarm.cycle) {
      before = after;
      after = after.next;
    }
    alarm.next = after;
    if (before) before.next = alarm;
    else this.first = alarm;
    alarm.scheduled = true;
    this.expect(alarm.cycle);
  }

  unlink(alarm) {
    let before = null;
    let found = this.first;
    while (found && found !== alarm) {
      before = found;
      found = found.next;
    }
    if (!found) return;
    if (before) before.next = alarm.next;
    else this.first = alarm.next;
    alarm.next = null;
    alarm.scheduled = false;
  }
}
