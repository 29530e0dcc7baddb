// SN74HC165 and SN74HC595 on one clock, SH/LD of the first and RCLK of the second on one latch line
// (data sheets). Both shift as the clock rises.

export class Hc165 {
  constructor() {
    this.inputs = 0xff;
    this._held = 0;
    this._loading = false;
  }

  wire(pins, bus, latch, out) {
    this._pins = pins;
    this._line = out;
    pins.watch(latch, (level) => this._latch(level));
    bus.add(this);
    this._tell();
  }

  // New levels at its inputs.
  set(inputs) {
    this.inputs = inputs;
    if (this._loading) this._load();
  }

  rose() {
    // The serial input is at ground.
    if (!this._loading) this._held = (this._held << 1) & 255;
    this._tell();
  }

  fell() {}

  _latch(level) {
    this._loading = !level;
    if (this._loading) this._load();
  }

  _load() {
    this._held = this.inputs;
    this._tell();
  }

  _tell() {
    this._pins.drive(this._line, this._held >>> 7);
  }
}

export class Hc595 {
  // `onChange` is called with new outputs.
  constructor(onChange) {
    this.outputs = 0;
    this._onChange = onChange;
    // It is not reset with the Pico.
    this._held = 0;
  }

  wire(pins, bus, latch) {
    pins.watch(latch, (level) => this._latch(level));
    bus.add(this);
  }

  rose(bit) {
    this._held = ((this._held << 1) | bit) & 255;
  }

  fell() {}

  _latch(level) {
    if (!level || this._held === this.outputs) return;
    this.outputs = this._held;
    this._onChange(this.outputs);
  }
}
