// The levels of the 30 pins, from what the chip and what hangs on it drive, as bit masks.

const SIO = 5;
const PIO0 = 6;
const PIO1 = 7;
const PULL_UP = 1 << 3;
const INPUT_ENABLE = 1 << 6;
const OUTPUT_DISABLE = 1 << 7;
const EDGE_RISES = 0b1000;
const EDGE_FALLS = 0b0100;
const IS_HIGH = 0b0010;
const IS_LOW = 0b0001;

export class Pins {
  constructor(mcu) {
    this.mcu = mcu;
    this.blocks = [];
    this.levels = 0; // at the pads
    this.seen = 0; // behind the input enables
    this._external = 0;
    this._driven = 0;
    this._pulledUp = 0;
    this._inputs = 0;
    this._outputs = 0;
    this._function = new Int32Array(8);
    this._watchers = mcu.gpio.map(() => []);
    mcu.gpio.forEach((pin, number) => {
      // The library calls this whenever a pad or a pin's function was written.
      pin.checkForUpdates = () => this._configured(number);
      pin.refreshInput = () => this._configured(number);
      this._configured(number);
    });
    Object.defineProperty(mcu, 'gpioValues', { get: () => this.seen >>> 0 });
  }

  // Drive a pin from outside; the chip's own output wins.
  drive(number, level) {
    const bit = 1 << number;
    this._driven |= bit;
    const external = level ? this._external | bit : this._external & ~bit;
    if (external === this._external) return;
    this._external = external;
    this.update();
  }

  // Leave a pin to the chip's own pulls.
  release(number) {
    this._driven &= ~(1 << number);
    this.update();
  }

  level(number) {
    return (this.levels >>> number) & 1;
  }

  // Whether the chip itself drives the pin.
  isOutput(number) {
    return ((this._enabled() >>> number) & 1) === 1;
  }

  // Call back with the new level at each change of a pin.
  watch(number, callback) {
    this._watchers[number].push(callback);
  }

  // Work all levels out anew after something that drives them has changed.
  update() {
    const [pio0, pio1] = this.blocks;
    const { sio } = this.mcu;
    const use = this._function;
    let out = sio.gpioValue & use[SIO];
    if (pio0) out |= (pio0.pinValues & use[PIO0]) | (pio1.pinValues & use[PIO1]);
    const enabled = this._enabled();
    const driven = this._driven;
    const idle = (this._external & driven) | (this._pulledUp & ~driven);
    const levels = (out & enabled) | (idle & ~enabled);
    const seen = levels & this._inputs;
    const changed = levels ^ this.levels;
    const news = changed | (seen ^ this.seen);
    if (!news) return;
    // A state machine that was passed over lives through the old levels first.
    if (pio0) {
      if (news & pio0.sensitive) pio0.catchUp();
      if (news & pio1.sensitive) pio1.catchUp();
    }
    this.levels = levels;
    this.seen = seen;
    if (pio0) {
      if (news & pio0.sensitive) pio0.pinsChanged(news);
      if (news & pio1.sensitive) pio1.pinsChanged(news);
    }
    for (let rest = news; rest; rest &= rest - 1) this._notify(31 - Math.clz32(rest & -rest), changed);
  }

  _enabled() {
    const [pio0, pio1] = this.blocks;
    const use = this._function;
    let enabled = this.mcu.sio.gpioOutputEnable & use[SIO];
    if (pio0) enabled |= (pio0.pinDirections & use[PIO0]) | (pio1.pinDirections & use[PIO1]);
    return enabled & this._outputs;
  }

  _notify(number, changed) {
    const level = (this.levels >>> number) & 1;
    const pin = this.mcu.gpio[number];
    const seen = (this.seen >>> number) & 1;
    pin.rawInputValue = level === 1;
    const edges = pin.irqStatus & (EDGE_RISES | EDGE_FALLS);
    pin.irqStatus = edges | (seen ? EDGE_RISES | IS_HIGH : EDGE_FALLS | IS_LOW);
    if (pin.irqEnableMask) this.mcu.updateIOInterrupt();
    if ((changed >>> number) & 1) {
      for (const callback of this._watchers[number]) callback(level);
    }
  }

  _configured(number) {
    const { ctrl, padValue } = this.mcu.gpio[number];
    const bit = 1 << number;
    for (let use = 0; use < 8; use++) this._function[use] &= ~bit;
    const use = ctrl & 0x1f;
    if (use < 8) this._function[use] |= bit;
    this._pulledUp = padValue & PULL_UP ? this._pulledUp | bit : this._pulledUp & ~bit;
    this._inputs = padValue & INPUT_ENABLE ? this._inputs | bit : this._inputs & ~bit;
    this._outputs = padValue & OUTPUT_DISABLE ? this._outputs & ~bit : this._outputs | bit;
    this.update();
  }
}
