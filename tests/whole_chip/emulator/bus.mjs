// Where the processor's loads and stores go that are neither RAM nor flash, and what they cost.

const SIO = 0xd;
const APB = 0x4;
const IN = 0x04;
const OUT_SET = 0x14;
const OUT_CLEAR = 0x18;
const OUT_TOGGLE = 0x1c;
const ALL_PINS = 0x3fffffff;
// The mailbox of the second core, which is not there: it always holds the 0 that the core sends when
// it is reset, and takes everything.
const MAILBOX_STATE = 0x50;
const MAILBOX_READ = 0x58;
const HOLDS_AND_TAKES = 0b11;

// Cycles beyond the two of a load or store: none on the single-cycle I/O port (RP2040 data sheet,
// 2.3.1); the bridge to the slow bus takes more (2.1.4; estimate: as the library counts).
const PORT_SAVES = -1;
const BRIDGE_READ = 2;
const BRIDGE_WRITE = 3;

export class Bus {
  constructor(mcu, pins) {
    this._mcu = mcu;
    this._pins = pins;
    this.extra = 0;
  }

  load(address, bytes) {
    const place = address >>> 28;
    this.extra = place === APB ? BRIDGE_READ : 0;
    if (place === SIO) {
      this.extra = PORT_SAVES;
      const offset = address & 0xfff;
      if (offset === IN) return this._pins.seen;
      if (offset === MAILBOX_STATE) return HOLDS_AND_TAKES;
      if (offset === MAILBOX_READ) return 0;
    }
    if (bytes === 4) return this._mcu.readUint32(address >>> 0) | 0;
    return bytes === 2 ? this._mcu.readUint16(address >>> 0) : this._mcu.readUint8(address >>> 0);
  }

  store(address, value, bytes) {
    const place = address >>> 28;
    this.extra = place === APB ? BRIDGE_WRITE : 0;
    if (place === SIO) {
      this.extra = PORT_SAVES;
      this._storeSio(address & 0xfff, value);
    } else if (bytes === 4) this._mcu.writeUint32(address >>> 0, value >>> 0);
    else if (bytes === 2) this._mcu.writeUint16(address >>> 0, value & 0xffff);
    else this._mcu.writeUint8(address >>> 0, value & 0xff);
  }

  _storeSio(offset, value) {
    const { sio } = this._mcu;
    const mask = value & ALL_PINS;
    if (offset === OUT_SET) sio.gpioValue |= mask;
    else if (offset === OUT_CLEAR) sio.gpioValue &= ~mask;
    else if (offset === OUT_TOGGLE) sio.gpioValue ^= mask;
    else sio.writeUint32(offset, value >>> 0);
    if (offset < 0x30) this._pins.update();
  }
}
