// MB85RS256B: 32 kB of FRAM on SPI, modes 0 and 3 (data sheet: opcodes, write-enable latch, ID). It
// takes a bit as the clock rises and gives one as it falls.

const BYTES = 32_768;
const ID = [0x04, 0x7f, 0x05, 0x09];
const [WREN, WRDI, RDSR, READ, WRITE, RDID] = [0x06, 0x04, 0x05, 0x03, 0x02, 0x9f];
const ENABLED = 0x02;
// What an undriven line reads as.
const FLOATING = 1;

export class Fram {
  // `memory` outlives the chip's resets.
  constructor(memory) {
    this.memory = memory;
    this.present = true;
    this._enabled = false;
    this._pins = null;
  }

  static blank() {
    return Buffer.alloc(BYTES);
  }

  wire(pins, bus, select, out) {
    this._pins = pins;
    this._line = out;
    this._selected = false;
    this._begin();
    pins.watch(select, (level) => this._select(level));
    bus.add(this);
    pins.drive(out, FLOATING);
  }

  rose(bit) {
    if (!this._selected) return;
    this._shifted = ((this._shifted << 1) | bit) & 255;
    if (++this._bits < 8) return;
    this._bits = 0;
    this._telling = this._take(this._shifted);
    this._count++;
  }

  fell() {
    if (!this._selected || this._telling < 0) return;
    const bit = this.present ? (this._telling >>> (7 - this._bits)) & 1 : FLOATING;
    this._pins.drive(this._line, bit);
  }

  _begin() {
    this._bits = this._shifted = this._count = this._opcode = this._at = 0;
    this._telling = -1;
  }

  _select(level) {
    // A latch is set or cleared as the select goes up after whole bytes.
    if (level && this._selected && this._count && this.present) {
      if (this._opcode === WREN) this._enabled = true;
      else if (this._opcode === WRDI || this._opcode === WRITE) this._enabled = false;
    }
    this._selected = !level;
    this._begin();
    this._pins.drive(this._line, FLOATING);
  }

  // A byte is through; what the next eight clocks bring, -1 for nothing.
  _take(byte) {
    const count = this._count;
    if (count === 0) this._opcode = byte;
    switch (this._opcode) {
      case RDID:
        return ID[count % ID.length];
      case RDSR:
        return this._enabled ? ENABLED : 0;
      case READ:
      case WRITE:
        return this._access(count, byte);
      default:
        return -1;
    }
  }

  _access(count, byte) {
    if (count === 1) this._at = byte << 8;
    else if (count === 2) this._at = (this._at | byte) % BYTES;
    if (this._opcode === READ) {
      if (count < 2) return -1;
      const told = this.memory[this._at];
      this._at = (this._at + 1) % BYTES;
      return told;
    }
    if (count > 2 && this._enabled && this.present) {
      this.memory[this._at] = byte;
      this._at = (this._at + 1) % BYTES;
    }
    return -1;
  }
}
