// TMC2209 as its UART shows it (data sheet rev. 1.09, 4: datagrams, CRC, IFCNT; 5: registers).

const SYNC = 0x05;
const TO_MASTER = 0xff;
const WRITES = 0x80;
const [GCONF, GSTAT, IFCNT, SLAVECONF, IOIN] = [0x00, 0x01, 0x02, 0x03, 0x06];
const [SG_RESULT, CHOPCONF, DRV_STATUS] = [0x41, 0x6c, 0x6f];
const READ_ONLY = [IFCNT, IOIN, SG_RESULT, DRV_STATUS];
const AT_POWER_ON = { [GCONF]: 0x101, [GSTAT]: 1, [IOIN]: 0x21000000, [CHOPCONF]: 0x10000053 };
const ASK_BYTES = 4;
const WRITE_BYTES = 8;

// The CRC over the first `count` bytes: x⁸ + x² + x + 1, each byte's lowest bit first.
export function crc(bytes, count) {
  let value = 0;
  for (let place = 0; place < count; place++) {
    for (let bit = 0; bit < 8; bit++) {
      const feed = (value >>> 7) ^ ((bytes[place] >>> bit) & 1);
      value = ((value << 1) & 255) ^ (feed ? 0x07 : 0);
    }
  }
  return value;
}

// How long a datagram is, once its third byte is known.
export function lengthOf(bytes) {
  if (bytes.length < 3) return Infinity;
  return bytes[2] & WRITES ? WRITE_BYTES : ASK_BYTES;
}

export class Tmc2209 {
  constructor(address) {
    this.address = address;
    this.silent = false;
    this._supplied = true;
    this._powerOn();
  }

  // The bit times that it waits before it replies, from SENDDELAY.
  get replyDelayBits() {
    const delay = ((this._registers.get(SLAVECONF) ?? 0) >>> 8) & 15;
    return 8 * (delay | 1);
  }

  // State from outside; its registers are as after a reset once its supply comes back.
  set({ supply, drv_status, sg_result, silent }) {
    if (supply !== undefined) {
      if (supply && !this._supplied) this._powerOn();
      this._supplied = supply;
    }
    if (drv_status !== undefined) this._registers.set(DRV_STATUS, drv_status);
    if (sg_result !== undefined) this._registers.set(SG_RESULT, sg_result);
    if (silent !== undefined) this.silent = silent;
  }

  // A whole datagram; its reply, or null.
  hear(bytes) {
    if (!this._supplied || this.silent || bytes[0] !== SYNC || bytes[1] !== this.address) return null;
    const last = bytes.length - 1;
    if (crc(bytes, last) !== bytes[last]) return null;
    const register = bytes[2] & ~WRITES;
    if (bytes.length === ASK_BYTES) return this._reply(register);
    this._write(register, Buffer.from(bytes).readUInt32BE(3));
    return null;
  }

  _reply(register) {
    const reply = Buffer.alloc(WRITE_BYTES);
    reply.set([SYNC, TO_MASTER, register]);
    reply.writeUInt32BE(register === IFCNT ? this._writes : (this._registers.get(register) ?? 0) >>> 0, 3);
    reply[7] = crc(reply, 7);
    return reply;
  }

  _write(register, value) {
    this._writes = (this._writes + 1) & 255;
    if (register === GSTAT) this._registers.set(GSTAT, this._registers.get(GSTAT) & ~value);
    else if (!READ_ONLY.includes(register)) this._registers.set(register, value);
  }

  _powerOn() {
    const kept = [DRV_STATUS, SG_RESULT].map((register) => [register, this._registers?.get(register) ?? 0]);
    this._registers = new Map(Object.entries(AT_POWER_ON).map(([register, value]) => [Number(register), value]));
    for (const [register, value] of kept) this._registers.set(register, value);
    this._writes = 0;
  }
}
