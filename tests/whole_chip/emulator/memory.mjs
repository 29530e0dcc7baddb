// The processor's way to RAM and flash, and by the bus to everything else.
//
// A burst of instructions begins in the cycle `pace.start` and ends when `pace.limit` cycles are
// spent; whatever is done over the bus may bring its end nearer.

const RAM = 0x20000000;
const RAM_BYTES = 264 * 1024;
const FLASH = 0x10;
const FLASH_MASK = 0xffffff;
const LONGEST_BURST = 1 << 28;

export function memoryOf(mcu, timeline, bus) {
  const { core } = mcu;
  const { at } = timeline;
  const R = new Int32Array(core.registers.buffer);
  const ram8 = mcu.sram;
  const ram16 = new Uint16Array(ram8.buffer);
  const ram32 = new Int32Array(ram8.buffer);
  const flash8 = mcu.flash;
  const flash16 = new Uint16Array(flash8.buffer);
  const flash32 = new Int32Array(flash8.buffer);
  const rom16 = new Uint16Array(mcu.bootrom.buffer);
  const pace = { start: 0, limit: 0 };

  function again(extra) {
    pace.start += extra;
    pace.limit = core.interruptsUpdated ? 0 : Math.min(LONGEST_BURST, timeline.deadline - pace.start);
  }

  function farLoad(address, bytes, spent) {
    at[0] = pace.start + spent;
    const value = bus.load(address, bytes);
    again(bus.extra);
    return value;
  }

  function farStore(address, value, bytes, spent) {
    at[0] = pace.start + spent;
    bus.store(address, value, bytes);
    again(bus.extra);
  }

  function load32(address, spent) {
    const place = (address - RAM) >>> 0;
    if (place < RAM_BYTES) return ram32[place >>> 2];
    if (address >>> 24 === FLASH) return flash32[(address & FLASH_MASK) >>> 2];
    return farLoad(address, 4, spent);
  }

  function load16(address, spent) {
    const place = (address - RAM) >>> 0;
    if (place < RAM_BYTES) return ram16[place >>> 1];
    if (address >>> 24 === FLASH) return flash16[(address & FLASH_MASK) >>> 1];
    return farLoad(address, 2, spent);
  }

  function load8(address, spent) {
    const place = (address - RAM) >>> 0;
    if (place < RAM_BYTES) return ram8[place];
    if (address >>> 24 === FLASH) return flash8[address & FLASH_MASK];
    return farLoad(address, 1, spent);
  }

  function store32(address, value, spent) {
    const place = (address - RAM) >>> 0;
    if (place < RAM_BYTES) ram32[place >>> 2] = value;
    else farStore(address, value, 4, spent);
  }

  function store16(address, value, spent) {
    const place = (address - RAM) >>> 0;
    if (place < RAM_BYTES) ram16[place >>> 1] = value;
    else farStore(address, value, 2, spent);
  }

  function store8(address, value, spent) {
    const place = (address - RAM) >>> 0;
    if (place < RAM_BYTES) ram8[place] = value;
    else farStore(address, value, 1, spent);
  }

  function fetch(pc) {
    if (pc >>> 24 === FLASH) return flash16[(pc & FLASH_MASK) >>> 1];
    const place = (pc - RAM) >>> 0;
    return place < RAM_BYTES ? ram16[place >>> 1] : rom16[pc >>> 1];
  }

  // Registers from and to consecutive words, the lowest first.
  function loadList(list, address, spent) {
    for (let rest = list; rest; rest &= rest - 1) {
      R[31 - Math.clz32(rest & -rest)] = load32(address, spent);
      address = (address + 4) | 0;
    }
  }

  function storeList(list, address, spent) {
    for (let rest = list; rest; rest &= rest - 1) {
      store32(address, R[31 - Math.clz32(rest & -rest)], spent);
      address = (address + 4) | 0;
    }
  }

  // A burst begins now.
  function begin() {
    pace.start = at[0];
    again(0);
  }

  return { pace, begin, fetch, load32, load16, load8, store32, store16, store8, loadList, storeList };
}
