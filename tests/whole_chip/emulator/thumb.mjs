// The Thumb instructions of the Cortex-M0+, in bursts. What is rare ends a burst and is left to the
// library's core. Cycles are those of the Cortex-M0+ Technical Reference Manual (3.3).

import { bitsOf, carried, extended, holds, shifted, turned } from './results.mjs';

const [SP, LR] = [13, 14];
// An address with these highest bits returns from an exception.
const RETURNS = 15;

// A function that runs a burst; true where it ended before a rare instruction.
export function burstsOf(core, timeline, memory) {
  const { pace, begin, fetch, load32, load16, load8, store32, store16, store8 } = memory;
  const { loadList, storeList } = memory;
  const R = new Int32Array(core.registers.buffer);

  return function burst() {
    begin();
    let spent = 0;
    let pc = R[15];
    let c = core.C ? 1 : 0;
    // N and Z are those of `nz`, V is the sign of `v`.
    let nz = core.Z ? 0 : core.N ? -1 : 1;
    let v = core.V ? -1 : 0;
    let rare = false;

    while (spent < pace.limit) {
      const op = fetch(pc);
      pc += 2;
      switch (op >>> 11) {
        case 0: {
          const x = R[(op >>> 3) & 7];
          const n = (op >>> 6) & 31;
          if (n) c = (x >>> (32 - n)) & 1;
          R[op & 7] = nz = x << n;
          spent++;
          break;
        }
        case 1: {
          const x = R[(op >>> 3) & 7];
          const n = (op >>> 6) & 31;
          c = n ? (x >>> (n - 1)) & 1 : x >>> 31;
          R[op & 7] = nz = n ? (x >>> n) | 0 : 0;
          spent++;
          break;
        }
        case 2: {
          const x = R[(op >>> 3) & 7];
          const n = (op >>> 6) & 31;
          c = n ? (x >> (n - 1)) & 1 : x >>> 31;
          R[op & 7] = nz = x >> (n || 31);
          spent++;
          break;
        }
        case 3: {
          const a = R[(op >>> 3) & 7];
          const b = op & 0x400 ? (op >>> 6) & 7 : R[(op >>> 6) & 7];
          if (op & 0x200) {
            nz = (a - b) | 0;
            c = a >>> 0 >= b >>> 0 ? 1 : 0;
            v = (a ^ b) & (a ^ nz);
          } else {
            nz = (a + b) | 0;
            c = nz >>> 0 < a >>> 0 ? 1 : 0;
            v = ~(a ^ b) & (a ^ nz);
          }
          R[op & 7] = nz;
          spent++;
          break;
        }
        case 4: R[(op >>> 8) & 7] = nz = op & 255; spent++; break;
        case 5: {
          const a = R[(op >>> 8) & 7];
          const b = op & 255;
          nz = (a - b) | 0;
          c = a >>> 0 >= b ? 1 : 0;
          v = (a ^ b) & (a ^ nz);
          spent++;
          break;
        }
        case 6: {
          const a = R[(op >>> 8) & 7];
          R[(op >>> 8) & 7] = nz = (a + (op & 255)) | 0;
          c = nz >>> 0 < a >>> 0 ? 1 : 0;
          v = ~a & nz;
          spent++;
          break;
        }
        case 7: {
          const a = R[(op >>> 8) & 7];
          const b = op & 255;
          R[(op >>> 8) & 7] = nz = (a - b) | 0;
          c = a >>> 0 >= b ? 1 : 0;
          v = a & ~nz;
          spent++;
          break;
        }
        case 8:
          spent++;
          if (op & 0x400) {
            const rd = ((op >>> 4) & 8) | (op & 7);
            const rm = (op >>> 3) & 15;
            const b = rm === 15 ? pc + 2 : R[rm];
            switch ((op >>> 8) & 3) {
              case 0: {
                const sum = ((rd === 15 ? pc + 2 : R[rd]) + b) | 0;
                if (rd === 15) {
                  pc = sum & ~1;
                  spent++;
                } else R[rd] = rd === SP ? sum & ~3 : sum;
                break;
              }
              case 1: {
                const a = R[rd];
                nz = (a - b) | 0;
                c = a >>> 0 >= b >>> 0 ? 1 : 0;
                v = (a ^ b) & (a ^ nz);
                break;
              }
              case 2:
                if (rd === 15) {
                  pc = b & ~1;
                  spent++;
                } else R[rd] = rd === SP ? b & ~3 : b;
                break;
              default:
                if (b >>> 28 === RETURNS) {
                  spent--;
                  rare = true;
                  break;
                }
                if (op & 0x80) R[LR] = pc | 1;
                pc = b & ~1;
                spent++;
            }
          } else {
            const d = op & 7;
            const b = R[(op >>> 3) & 7];
            const a = R[d];
            switch ((op >>> 6) & 15) {
              case 0: R[d] = nz = a & b; break;
              case 1: R[d] = nz = a ^ b; break;
              case 2:
              case 3:
              case 4:
                c = carried(op, a, b & 255, c);
                R[d] = nz = shifted(op, a, b & 255);
                break;
              case 5: {
                const sum = (a >>> 0) + (b >>> 0) + c;
                nz = sum | 0;
                c = sum > 0xffffffff ? 1 : 0;
                v = ~(a ^ b) & (a ^ nz);
                R[d] = nz;
                break;
              }
              case 6: {
                const sum = (a >>> 0) + (~b >>> 0) + c;
                nz = sum | 0;
                c = sum > 0xffffffff ? 1 : 0;
                v = (a ^ b) & (a ^ nz);
                R[d] = nz;
                break;
              }
              case 7:
                R[d] = nz = shifted(op, a, b & 31);
                if (b & 255) c = nz >>> 31;
                break;
              case 8: nz = a & b; break;
              case 9:
                R[d] = nz = -b | 0;
                c = b === 0 ? 1 : 0;
                v = b & nz;
                break;
              case 10:
                nz = (a - b) | 0;
                c = a >>> 0 >= b >>> 0 ? 1 : 0;
                v = (a ^ b) & (a ^ nz);
                break;
              case 11:
                nz = (a + b) | 0;
                c = nz >>> 0 < a >>> 0 ? 1 : 0;
                v = ~(a ^ b) & (a ^ nz);
                break;
              case 12: R[d] = nz = a | b; break;
              case 13: R[d] = nz = Math.imul(a, b); break;
              case 14: R[d] = nz = a & ~b; break;
              default:
                R[d] = nz = ~b;
            }
          }
          break;
        case 9: R[(op >>> 8) & 7] = load32(((pc + 2) & ~3) + ((op & 255) << 2), spent); spent += 2; break;
        case 10: {
          const address = (R[(op >>> 3) & 7] + R[(op >>> 6) & 7]) | 0;
          switch ((op >>> 9) & 3) {
            case 0: store32(address, R[op & 7], spent); break;
            case 1: store16(address, R[op & 7], spent); break;
            case 2: store8(address, R[op & 7], spent); break;
            default:
              R[op & 7] = (load8(address, spent) << 24) >> 24;
          }
          spent += 2;
          break;
        }
        case 11: {
          const address = (R[(op >>> 3) & 7] + R[(op >>> 6) & 7]) | 0;
          switch ((op >>> 9) & 3) {
            case 0: R[op & 7] = load32(address, spent); break;
            case 1: R[op & 7] = load16(address, spent); break;
            case 2: R[op & 7] = load8(address, spent); break;
            default:
              R[op & 7] = (load16(address, spent) << 16) >> 16;
          }
          spent += 2;
          break;
        }
        case 12: store32((R[(op >>> 3) & 7] + ((op >>> 4) & 0x7c)) | 0, R[op & 7], spent); spent += 2; break;
        case 13: R[op & 7] = load32((R[(op >>> 3) & 7] + ((op >>> 4) & 0x7c)) | 0, spent); spent += 2; break;
        case 14: store8((R[(op >>> 3) & 7] + ((op >>> 6) & 0x1f)) | 0, R[op & 7], spent); spent += 2; break;
        case 15: R[op & 7] = load8((R[(op >>> 3) & 7] + ((op >>> 6) & 0x1f)) | 0, spent); spent += 2; break;
        case 16: store16((R[(op >>> 3) & 7] + ((op >>> 5) & 0x3e)) | 0, R[op & 7], spent); spent += 2; break;
        case 17: R[op & 7] = load16((R[(op >>> 3) & 7] + ((op >>> 5) & 0x3e)) | 0, spent); spent += 2; break;
        case 18: store32((R[SP] + ((op & 255) << 2)) | 0, R[(op >>> 8) & 7], spent); spent += 2; break;
        case 19: R[(op >>> 8) & 7] = load32((R[SP] + ((op & 255) << 2)) | 0, spent); spent += 2; break;
        case 20: R[(op >>> 8) & 7] = ((pc + 2) & ~3) + ((op & 255) << 2); spent++; break;
        case 21: R[(op >>> 8) & 7] = R[SP] + ((op & 255) << 2); spent++; break;
        case 22:
        case 23: {
          const d = op & 7;
          const b = R[(op >>> 3) & 7];
          spent++;
          switch ((op >>> 8) & 15) {
            case 0:
              R[SP] += op & 0x80 ? -((op & 127) << 2) : (op & 127) << 2;
              break;
            case 2:
              R[d] = extended((op >>> 6) & 3, b);
              break;
            case 4:
            case 5: {
              const count = bitsOf(op & 0x1ff);
              R[SP] -= 4 * count;
              storeList(op & 255, R[SP], spent);
              if (op & 0x100) store32(R[SP] + 4 * (count - 1), R[LR], spent);
              spent += count;
              break;
            }
            case 10:
              R[d] = turned((op >>> 6) & 3, b);
              break;
            case 12:
            case 13: {
              const count = bitsOf(op & 255);
              const target = op & 0x100 ? load32(R[SP] + 4 * count, spent) : 0;
              rare = target >>> 28 === RETURNS;
              if (rare) {
                spent--;
                break;
              }
              loadList(op & 255, R[SP], spent);
              spent += count;
              R[SP] += 4 * count;
              if (op & 0x100) {
                R[SP] += 4;
                pc = target & ~1;
                spent += 3;
              }
              break;
            }
            case 15:
              // NOP; SEV is an event for this processor too.
              if (op === 0xbf40) core.eventRegistered = true;
              else if (op !== 0xbf00) {
                spent--;
                rare = true;
              }
              break;
            default:
              spent--;
              rare = true;
          }
          break;
        }
        case 24:
        case 25: {
          const base = (op >>> 8) & 7;
          const count = bitsOf(op & 255);
          const end = (R[base] + 4 * count) | 0;
          if (op & 0x800) loadList(op & 255, R[base], spent);
          else storeList(op & 255, R[base], spent);
          // A base that was loaded stays.
          if (!(op & 0x800 && (op >>> base) & 1)) R[base] = end;
          spent += 1 + count;
          break;
        }
        case 26:
        case 27: {
          const condition = (op >>> 8) & 15;
          if (condition > 13) {
            rare = true;
            break;
          }
          spent++;
          if (holds(condition, nz, c, v)) {
            pc = (pc + 2 + ((op << 24) >> 23)) | 0;
            spent++;
          }
          break;
        }
        case 28: pc = (pc + 2 + ((op << 21) >> 20)) | 0; spent += 2; break;
        case 30: {
          const low = fetch(pc);
          if ((low & 0xd000) === 0xd000) {
            const s = (op << 21) >> 31;
            const i1 = ~((low >>> 13) ^ s) & 1;
            const i2 = ~((low >>> 11) ^ s) & 1;
            const offset = (s << 24) | (i1 << 23) | (i2 << 22) | ((op & 0x3ff) << 12) | ((low & 0x7ff) << 1);
            pc += 2;
            R[LR] = pc | 1;
            pc = (pc + offset) | 0;
            spent += 3;
          } else rare = true;
          break;
        }
        default:
          rare = true;
      }
      if (rare) {
        pc -= 2;
        break;
      }
    }

    R[15] = pc;
    core.C = c === 1;
    core.Z = nz === 0;
    core.N = nz < 0;
    core.V = v < 0;
    timeline.at[0] = pace.start + spent;
    return rare;
  };
}
