// The two interrupt lines of a PIO block: INTE, INTF and INTS of each (RP2040 data sheet, 3.7).

const REGISTERS = 3;
const [ENABLE, FORCE] = [0, 1];
const SOURCES = 0xfff;

export class InterruptLines {
  constructor(mcu, firstIrq) {
    this._mcu = mcu;
    this._firstIrq = firstIrq;
    this._lines = [
      [0, 0],
      [0, 0],
    ];
    // Whether anything could raise one of them.
    this.wanted = false;
  }

  // `place` counts the registers from INTE of line 0 on; `raw` are the sources now.
  read(place, raw) {
    const line = this._lines[Math.floor(place / REGISTERS)];
    const which = place % REGISTERS;
    return which <= FORCE ? line[which] : (raw & line[ENABLE]) | line[FORCE];
  }

  write(place, value, raw) {
    if (place % REGISTERS > FORCE) return;
    this._lines[Math.floor(place / REGISTERS)][place % REGISTERS] = value & SOURCES;
    this.wanted = this._lines.flat().some(Boolean);
    this.set(raw);
  }

  set(raw) {
    this._lines.forEach((line, number) => {
      this._mcu.setInterrupt(this._firstIrq + number, ((raw & line[ENABLE]) | line[FORCE]) !== 0);
    });
  }
}
