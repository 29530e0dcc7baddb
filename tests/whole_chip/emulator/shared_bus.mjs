// One clock and one data line that several chips listen to, whoever moves them: an SPI block, or
// software by the pins.

export class SharedBus {
  constructor(pins, clock, data) {
    this._chips = [];
    pins.watch(clock, (level) => {
      if (level) this.rose(pins.level(data));
      else this.fell();
    });
  }

  // `chip` has `rose(bit)` and `fell()` too.
  add(chip) {
    this._chips.push(chip);
  }

  rose(bit) {
    for (const chip of this._chips) chip.rose(bit);
  }

  fell() {
    for (const chip of this._chips) chip.fell();
  }
}
