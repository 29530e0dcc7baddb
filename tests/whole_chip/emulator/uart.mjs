// A UART of the chip (PL011 TRM, as the RP2040 data sheet has it, 4.2): FIFOs of 32 bytes, their
// levels' interrupts, and bytes that take their time.

import { BasePeripheral } from './library.mjs';

const [DR, RSR, FR, IBRD, FBRD, LCR_H, CR, IFLS, IMSC, RIS, MIS, ICR, DMACR] = [
  0x00, 0x04, 0x18, 0x24, 0x28, 0x2c, 0x30, 0x34, 0x38, 0x3c, 0x40, 0x44, 0x48,
];
const PLAIN = [RSR, IBRD, FBRD, LCR_H, CR, IFLS, IMSC, DMACR];
const FIFO_BYTES = 32;
const FIFOS_ON = 1 << 4; // of LCR_H
const [TX_EMPTY, RX_FULL, TX_FULL, RX_EMPTY, BUSY] = [1 << 7, 1 << 6, 1 << 5, 1 << 4, 1 << 3];
const [TIMEOUT_INT, TX_INT, RX_INT] = [1 << 6, 1 << 5, 1 << 4];
// Fill levels at which the interrupts come, by IFLS.
const LEVELS = [4, 8, 16, 24, 28, 28, 28, 28];
const BITS_A_BYTE = 10;
const TIMEOUT_BITS = 32;
const RESET = { [IFLS]: 0x12, [CR]: 0x300 };

export class Uart extends BasePeripheral {
  constructor(mcu, name, irq) {
    super(mcu, name);
    this._irq = irq;
    this._registers = { ...RESET };
    this._raw = 0;
    this._in = [];
    this._out = [];
    this._arriving = [];
    // Called with each byte that has gone out.
    this.onByte = null;
    const { clock } = mcu;
    this._sent = clock.createAlarm(() => this._byteSent());
    this._arrived = clock.createAlarm(() => this._byteArrived());
    this._quiet = clock.createAlarm(() => this._raise(this._in.length ? TIMEOUT_INT : 0));
  }

  // Bytes come in one after the other.
  receive(bytes) {
    const idle = !this._arriving.length;
    for (const byte of bytes) this._arriving.push(byte);
    if (idle && this._arriving.length) this._arrived.schedule(this._nanos(BITS_A_BYTE));
  }

  // The library calls this when the clock of the peripherals changes.
  clkPeriChanged() {}

  readUint32(offset) {
    switch (offset) {
      case DR:
        return this._take();
      case FR:
        return this._flags();
      case RIS:
        return this._raw;
      case MIS:
        return this._raw & this._register(IMSC);
    }
    return PLAIN.includes(offset) ? this._register(offset) : super.readUint32(offset);
  }

  writeUint32(offset, value) {
    if (offset === DR) this._send(value & 255);
    else if (offset === ICR) this._raw &= ~this.rawWriteValue;
    else if (PLAIN.includes(offset)) this._registers[offset] = value;
    else super.writeUint32(offset, value);
    this._interrupt();
  }

  _register(offset) {
    return this._registers[offset] ?? 0;
  }

  _level(shift) {
    return this._register(LCR_H) & FIFOS_ON ? LEVELS[(this._register(IFLS) >>> shift) & 7] : 1;
  }

  _nanos(bits) {
    const divider = this._register(IBRD) + this._register(FBRD) / 64 || 1;
    return (bits * 16 * divider * 1e9) / this.rp2040.clkPeri;
  }

  _flags() {
    const { length } = this._out;
    return (
      (length ? BUSY : TX_EMPTY) |
      (length >= FIFO_BYTES ? TX_FULL : 0) |
      (this._in.length ? 0 : RX_EMPTY) |
      (this._in.length >= FIFO_BYTES ? RX_FULL : 0)
    );
  }

  _send(byte) {
    if (this._out.length >= FIFO_BYTES) return;
    this._out.push(byte);
    if (this._out.length > this._level(0)) this._raw &= ~TX_INT;
    if (this._out.length === 1) this._sent.schedule(this._nanos(BITS_A_BYTE));
  }

  _byteSent() {
    this.onByte?.(this._out.shift());
    if (this._out.length) this._sent.schedule(this._nanos(BITS_A_BYTE));
    if (this._out.length <= this._level(0)) this._raise(TX_INT);
  }

  _byteArrived() {
    const byte = this._arriving.shift();
    // What finds no room is lost.
    if (this._in.length < FIFO_BYTES) this._in.push(byte);
    if (this._arriving.length) this._arrived.schedule(this._nanos(BITS_A_BYTE));
    this._quiet.schedule(this._nanos(TIMEOUT_BITS));
    this._raise(this._in.length >= this._level(3) ? RX_INT : 0);
  }

  _take() {
    const byte = this._in.shift() ?? 0;
    if (this._in.length < this._level(3)) this._raw &= ~RX_INT;
    if (!this._in.length) this._raw &= ~TIMEOUT_INT;
    this._interrupt();
    return byte;
  }

  _raise(bits) {
    this._raw |= bits;
    this._interrupt();
  }

  _interrupt() {
    this.rp2040.setInterrupt(this._irq, (this._raw & this._register(IMSC)) !== 0);
  }
}
