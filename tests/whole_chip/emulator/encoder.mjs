// A quadrature encoder: each count is one change of A or B, and A leads B forwards.

export class Encoder {
  constructor() {
    this.count = 0;
  }

  wire(pins, clock, a, b) {
    this._pins = pins;
    this._clock = clock;
    this._lines = [a, b];
    this._alarm = clock.createAlarm(() => this._next());
    this._left = 0;
    this._tell();
  }

  // Reach `count` evenly over so many nanoseconds from now on.
  reach(count, nanos) {
    this._alarm.cancel();
    const counts = count - this.count;
    this._left = Math.abs(counts);
    if (!this._left) return;
    this._sign = Math.sign(counts);
    this._spacing = nanos / this._left;
    this._due = this._clock.nanos + this._spacing / 2;
    this._alarm.schedule(this._spacing / 2);
  }

  _next() {
    this.count += this._sign;
    this._tell();
    if (!--this._left) return;
    this._due += this._spacing;
    this._alarm.schedule(Math.max(0, this._due - this._clock.nanos));
  }

  _tell() {
    const quarter = this.count & 3;
    this._pins.drive(this._lines[0], quarter === 1 || quarter === 2 ? 1 : 0);
    this._pins.drive(this._lines[1], quarter >>> 1);
  }
}
