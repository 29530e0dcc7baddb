// What the processor's instructions work out without changing anything.

// Whether a branch's condition holds, from N and Z of `nz`, C, and V as the sign of `v`.
export function holds(condition, nz, c, v) {
  switch (condition) {
    case 0:
      return nz === 0;
    case 1:
      return nz !== 0;
    case 2:
      return c === 1;
    case 3:
      return c === 0;
    case 4:
      return nz < 0;
    case 5:
      return nz >= 0;
    case 6:
      return v < 0;
    case 7:
      return v >= 0;
    case 8:
      return c === 1 && nz !== 0;
    case 9:
      return c === 0 || nz === 0;
    case 10:
      return (nz ^ v) >= 0;
    case 11:
      return (nz ^ v) < 0;
    case 12:
      return nz !== 0 && (nz ^ v) >= 0;
    default:
      return nz === 0 || (nz ^ v) < 0;
  }
}

// SXTH, SXTB, UXTH, UXTB.
export function extended(kind, value) {
  if (kind === 0) return (value << 16) >> 16;
  if (kind === 1) return (value << 24) >> 24;
  return kind === 2 ? value & 0xffff : value & 255;
}

// REV, REV16, REVSH.
export function turned(kind, value) {
  const pairs = ((value >>> 8) & 0xff00ff) | ((value << 8) & 0xff00ff00);
  if (kind === 0) return (pairs >>> 16) | (pairs << 16);
  if (kind === 1) return pairs;
  return ((value << 24) >> 16) | ((value >>> 8) & 255);
}

// A value shifted by `count`: LSL, LSR, ASR or ROR, as bits 6 to 9 of the instruction say.
export function shifted(op, value, count) {
  switch ((op >>> 6) & 15) {
    case 2:
      return count < 32 ? value << count : 0;
    case 3:
      return count < 32 ? (value >>> count) | 0 : 0;
    case 4:
      return value >> Math.min(31, count);
    default:
      return count ? (value >>> count) | (value << (32 - count)) : value;
  }
}

// The carry of the first three of these; a shift by nothing leaves it.
export function carried(op, value, count, before) {
  if (!count) return before;
  switch ((op >>> 6) & 15) {
    case 2:
      return count <= 32 ? (value >>> (32 - count)) & 1 : 0;
    case 3:
      return count <= 32 ? (value >>> (count - 1)) & 1 : 0;
    default:
      return (value >> Math.min(31, count - 1)) & 1;
  }
}

export function bitsOf(mask) {
  let count = 0;
  for (let rest = mask; rest; rest &= rest - 1) count++;
  return count;
}
