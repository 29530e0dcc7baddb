// The one wire that both drivers hear and answer on, bit by bit at 115,200 baud; it is pulled up.

import { lengthOf } from './tmc2209.mjs';

const BIT_NS = 1e9 / 115_200;
// A pause after which a driver takes the next byte for a new datagram (TMC2209 data sheet, 4.1.1).
const FORGET_BITS = 63;

export class DriverLine {
  constructor(drivers) {
    this.drivers = drivers;
  }

  wire(pins, clock, pin) {
    this._pins = pins;
    this._pin = pin;
    this._heard = [];
    this._byte = -1; // the bits of the byte under way, -1 between bytes
    this._place = 0;
    this._levels = [];
    this._sample = clock.createAlarm(() => this._takeBit());
    this._silence = clock.createAlarm(() => (this._heard = []));
    this._drive = clock.createAlarm(() => this._driveBit());
    pins.drive(pin, 1);
    pins.watch(pin, (level) => this._changed(level));
  }

  // Bytes that appear on the wire, from a driver or as noise.
  tell(bytes, delayBits = 0) {
    const idle = !this._levels.length;
    for (const byte of bytes) {
      this._levels.push(0);
      for (let bit = 0; bit < 8; bit++) this._levels.push((byte >>> bit) & 1);
      this._levels.push(1);
    }
    if (idle && this._levels.length) this._drive.schedule(delayBits * BIT_NS);
  }

  _driveBit() {
    this._pins.drive(this._pin, this._levels.length ? this._levels.shift() : 1);
    if (this._levels.length) this._drive.schedule(BIT_NS);
  }

  // Only what the chip itself sends is for the drivers.
  _changed(level) {
    if (level || this._byte >= 0 || !this._pins.isOutput(this._pin)) return;
    this._byte = 0;
    this._place = 0;
    this._silence.cancel();
    this._sample.schedule(1.5 * BIT_NS);
  }

  _takeBit() {
    const level = this._pins.level(this._pin);
    if (this._place < 8) {
      this._byte |= level << this._place++;
      this._sample.schedule(BIT_NS);
      return;
    }
    // The stop bit is high; what has none is no byte.
    if (level) this._heard.push(this._byte);
    this._byte = -1;
    this._silence.schedule(FORGET_BITS * BIT_NS);
    if (this._heard.length >= lengthOf(this._heard)) this._hear();
  }

  _hear() {
    const datagram = this._heard;
    this._heard = [];
    for (const driver of this.drivers) {
      const reply = driver.hear(datagram);
      if (reply) this.tell(reply, driver.replyDelayBits);
    }
  }
}
