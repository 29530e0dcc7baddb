// The flash memory: an image's words, the boot ROM's routines that write it, and how long they take.

import fs from 'node:fs';

export const FLASH_BYTES = 2 << 20;
const FLASH_BASE = 0x10000000;
const SECTOR = 4096;
const PAGE = 256;
// W25Q16JV data sheet: typical times, as remembered.
const ERASE_SECTOR_NS = 45e6;
const PROGRAM_PAGE_NS = 0.4e6;

const UF2_MAGIC = 0x0a324655;
const UF2_BLOCK = 512;
const NOT_MAIN_FLASH = 1;

// The flash's own number, which MicroPython gives as that of the board.
const UNIQUE_ID = Buffer.from('e661640843735d2c', 'hex');
const READ_UNIQUE_ID = 0x4b;
const ID_AFTER = 5; // the command and four bytes of nothing
const SSI_BASE = 0x18000;
const QSPI_PINS_BASE = 0x40018;
const SSI_DATA = 0x60;

// Each routine is replaced by a breakpoint with its number, and a return.
const ROUTINES = { IF: 1, EX: 2, RE: 3, RP: 4, FC: 5, CX: 6, UB: 7 };
const [ERASE, PROGRAM, TO_USB_BOOT] = [ROUTINES.RE, ROUTINES.RP, ROUTINES.UB];
const TABLE_AT = 0x14;
const BREAKPOINT = 0xbe00;
const RETURN = 0x4770;

export function erased() {
  return new Uint8Array(FLASH_BYTES).fill(0xff);
}

// A UF2 image's blocks at their places, the rest erased.
export function readUf2(file) {
  const flash = erased();
  const data = fs.readFileSync(file);
  let blocks = 0;
  for (let at = 0; at + UF2_BLOCK <= data.length; at += UF2_BLOCK) {
    if (data.readUInt32LE(at) !== UF2_MAGIC || data.readUInt32LE(at + 8) & NOT_MAIN_FLASH) continue;
    const offset = data.readUInt32LE(at + 12) - FLASH_BASE;
    const count = data.readUInt32LE(at + 16);
    if (offset < 0 || offset + count > FLASH_BYTES) continue;
    flash.set(data.subarray(at + 32, at + 32 + count), offset);
    blocks++;
  }
  if (!blocks) throw new Error(`${file} is no UF2 image for the Pico`);
  return flash;
}

// The boot ROM's words with its flash routines replaced.
export function patchedBootrom(words) {
  const rom = new Uint32Array(words);
  const view = new DataView(rom.buffer);
  for (let at = view.getUint16(TABLE_AT, true); view.getUint16(at, true); at += 4) {
    const number = ROUTINES[String.fromCharCode(view.getUint8(at), view.getUint8(at + 1))];
    if (!number) continue;
    const code = view.getUint16(at + 2, true) & ~1;
    view.setUint16(code, BREAKPOINT | number, true);
    view.setUint16(code + 2, RETURN, true);
  }
  return rom;
}

// Do what a routine does; how many nanoseconds the processor stands still for it.
export function callRoutine(mcu, number, onUsbBoot) {
  const [first, second, third] = mcu.core.registers;
  if (number === ERASE) {
    mcu.flash.fill(0xff, first, first + second);
    return Math.ceil(second / SECTOR) * ERASE_SECTOR_NS;
  }
  if (number === PROGRAM) {
    // Programming clears bits and sets none.
    for (let place = 0; place < third; place++) mcu.flash[first + place] &= mcu.readUint8(second + place);
    return Math.ceil(third / PAGE) * PROGRAM_PAGE_NS;
  }
  if (number === TO_USB_BOOT) onUsbBoot();
  return 0;
}

// The library's flash interface tells nothing of the flash itself; this one tells its number.
export function answerUniqueId(mcu) {
  const ssi = mcu.peripherals[SSI_BASE];
  const [read, write] = [ssi.readUint32.bind(ssi), ssi.writeUint32.bind(ssi)];
  let sent = [];
  // Its select line is moved by hand between commands.
  mcu.peripherals[QSPI_PINS_BASE].writeUint32 = () => (sent = []);
  ssi.writeUint32 = (offset, value) => {
    if (offset === SSI_DATA) sent.push(value);
    write(offset, value);
  };
  ssi.readUint32 = (offset) => {
    const place = sent.length - 1 - ID_AFTER;
    if (offset !== SSI_DATA || sent[0] !== READ_UNIQUE_ID || place < 0) return read(offset);
    return UNIQUE_ID[place] ?? 0;
  };
}
