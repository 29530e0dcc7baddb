// The chip's I2C block 0 and the one part that hangs on it, byte by byte and bit time by bit time.

const BYTE_BITS = 9;
const EDGE_BITS = 1;

export function wireI2c(mcu, part) {
  const i2c = mcu.i2c[0];
  const after = (bits, what) => {
    const alarm = mcu.clock.createAlarm(what);
    const cycles = bits * (i2c.sclHighPeriod + i2c.sclLowPeriod);
    alarm.schedule((cycles * 1e9) / mcu.clkSys);
  };
  i2c.onStart = () => after(EDGE_BITS, () => i2c.completeStart());
  i2c.onConnect = (address) => after(BYTE_BITS, () => i2c.completeConnect(part.start(address)));
  i2c.onWriteByte = (byte) => after(BYTE_BITS, () => i2c.completeWrite(part.write(byte)));
  i2c.onReadByte = () => after(BYTE_BITS, () => i2c.completeRead(0xff));
  i2c.onStop = () => after(EDGE_BITS, () => i2c.completeStop());
}
