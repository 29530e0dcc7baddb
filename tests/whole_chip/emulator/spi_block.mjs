// The chip's SPI block 0 on a bus that several chips share, byte by byte (PL022 TRM; pins by the
// RP2040 data sheet, 2.19.2).

const SPI = 1; // the pins' function
const RECEIVES = [0, 4, 16, 20];
const IDLES_HIGH = 1 << 6;
const SECOND_EDGE = 1 << 7;

export function wireSpi(mcu, pins, bus, clock, data) {
  const spi = mcu.spi[0];
  const has = (pin) => (mcu.gpio[pin].ctrl & 0x1f) === SPI;
  let sent = 0;

  function through() {
    const idlesHigh = (spi.control0 & IDLES_HIGH) !== 0;
    const secondEdge = (spi.control0 & SECOND_EDGE) !== 0;
    if (idlesHigh !== secondEdge) throw new Error('only SPI modes 0 and 3 are known here');
    let told = 0;
    for (let bit = spi.dataBits - 1; bit >= 0; bit--) {
      if (idlesHigh && has(clock)) bus.fell();
      // What several pins bring counts as one; nothing is low.
      const heard = RECEIVES.some((pin) => has(pin) && pins.level(pin));
      told = (told << 1) | (heard ? 1 : 0);
      if (!has(clock)) continue;
      bus.rose(has(data) ? (sent >>> bit) & 1 : 0);
      if (!idlesHigh) bus.fell();
    }
    spi.completeTransmit(told);
  }

  const alarm = mcu.clock.createAlarm(through);
  spi.onTransmit = (word) => {
    sent = word;
    alarm.schedule((spi.dataBits * 1e9) / (spi.clockFrequency || mcu.clkPeri));
  };
}
