// The registers of a PIO block's state machines as the bus sees them (RP2040 data sheet, 3.7).

const BYTES = 0x18;
const [CLKDIV, EXECCTRL, SHIFTCTRL, ADDR, INSTR, PINCTRL] = [0, 4, 8, 12, 16, 20];
const STALLED = 1 << 31; // of EXECCTRL: an instruction from outside the program waits

// `offset` counts from the first machine's registers.
export function readMachine(block, offset) {
  const machine = block.machines[Math.floor(offset / BYTES)];
  machine.catchUp();
  const told = machine.told >= 0;
  switch (offset % BYTES) {
    case CLKDIV:
      return machine.clkdiv >>> 0;
    case EXECCTRL:
      return ((machine.execctrl & ~STALLED) | (told && machine.state ? STALLED : 0)) >>> 0;
    case SHIFTCTRL:
      return machine.shiftctrl >>> 0;
    case ADDR:
      return machine.pc;
    case INSTR:
      return told ? machine.told : block.instructions[machine.pc];
    default:
      return machine.pinctrl >>> 0;
  }
}

export function writeMachine(block, offset, value) {
  const machine = block.machines[Math.floor(offset / BYTES)];
  switch (offset % BYTES) {
    case CLKDIV:
      machine.setClkdiv(value);
      break;
    case EXECCTRL:
      machine.execctrl = value;
      break;
    case SHIFTCTRL:
      machine.setShiftctrl(value);
      block.txChanged(machine);
      block.rxChanged(machine);
      break;
    case INSTR:
      machine.force(value & 0xffff);
      break;
    case PINCTRL:
      machine.pinctrl = value;
      break;
  }
}
