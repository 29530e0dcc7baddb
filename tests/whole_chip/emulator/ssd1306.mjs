// SSD1306: 128 × 64 pixels on I2C (data sheet: control byte, command table, page addressing).

const ADDRESS = 0x3c;
const COLUMNS = 128;
const PAGES = 8;
const ONE_ONLY = 0x80;
const IS_DATA = 0x40;
// Commands with arguments, and how many.
const ARGUMENTS = { 0x20: 1, 0x81: 1, 0x8d: 1, 0xa8: 1, 0xd3: 1, 0xd5: 1, 0xd9: 1, 0xda: 1, 0xdb: 1 };

export class Ssd1306 {
  constructor() {
    this.present = true;
    this.on = false;
    this.changed = false;
    // Memory holds anything when the power comes.
    this.memory = Buffer.alloc(COLUMNS * PAGES, 0xa5);
    this._page = this._column = 0;
    this._arguments = 0;
  }

  // Whether it acknowledges; a transfer begins with a control byte.
  start(address) {
    this._control = -1;
    return this.present && address === ADDRESS;
  }

  write(byte) {
    if (!this.present) return false;
    if (this._control < 0) this._control = byte;
    else {
      if (this._control & IS_DATA) this._data(byte);
      else this._command(byte);
      if (this._control & ONE_ONLY) this._control = -1;
    }
    return true;
  }

  _data(byte) {
    const place = COLUMNS * this._page + this._column;
    if (this.memory[place] !== byte) {
      this.memory[place] = byte;
      this.changed = true;
    }
    this._column = (this._column + 1) % COLUMNS;
  }

  _command(byte) {
    if (this._arguments) this._arguments--;
    else if (byte in ARGUMENTS) this._arguments = ARGUMENTS[byte];
    else if (byte < 0x10) this._column = (this._column & 0x70) | byte;
    else if (byte < 0x18) this._column = (this._column & 0x0f) | ((byte & 7) << 4);
    else if (byte >= 0xb0 && byte < 0xb8) this._page = byte & 7;
    else if (byte === 0xae || byte === 0xaf) this.on = byte === 0xaf;
  }
}
