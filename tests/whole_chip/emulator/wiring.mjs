// What hangs on which pin of the Pico, and what of it is worth telling.

import { DriverLine } from './driver_line.mjs';
import { Encoder } from './encoder.mjs';
import { Fram } from './fram.mjs';
import { wireI2c } from './i2c_bus.mjs';
import { pinOf } from './pinout.mjs';
import { SharedBus } from './shared_bus.mjs';
import { Hc165, Hc595 } from './shift_registers.mjs';
import { wireSpi } from './spi_block.mjs';
import { Ssd1306 } from './ssd1306.mjs';
import { Tmc2209 } from './tmc2209.mjs';

const LATCH = pinOf('shift registers: latch');
const REGISTERS_IN = pinOf('shift registers: data in');
const STEP = [pinOf('carriage STEP'), pinOf('plunger STEP')];
const DIR = [pinOf('carriage DIR'), pinOf('plunger DIR')];
const ENCODERS = [
  [pinOf('carriage encoder A'), pinOf('carriage encoder B')],
  [pinOf('plunger encoder A'), pinOf('plunger encoder B')],
];
const CARRIAGE_ENABLE = pinOf('carriage EN');
const DRIVER_UART = pinOf('driver UART');
const MISO = pinOf('FRAM MISO');
const SELECT = pinOf('FRAM CS');
const CLOCK = pinOf('FRAM SCK');
const MOSI = pinOf('FRAM MOSI');
// Channels of the DMA that feed the pulses.
const FEEDS = [6, 7];
const BOTH_AXES = 0b11;
const MULTI_CHAN_TRIGGER = 0x430;
// Contacts to ground are open; the stop's is closed until it is pressed.
const AT_REST = [
  [pinOf('trigger'), 1],
  [pinOf('skin contact'), 1],
  [pinOf('e-stop sense'), 0],
];

export class Wiring {
  // `events` are called as things happen: `edge(axis, dir)`, `stop()`, `outputs()`, `start(words)`.
  constructor(events) {
    this._events = events;
    this.fram = new Fram(Fram.blank());
    this.inputs = new Hc165();
    this.outputs = new Hc595(() => events.outputs());
    this.screen = new Ssd1306();
    this.drivers = [new Tmc2209(0), new Tmc2209(1)];
    this.line = new DriverLine(this.drivers);
    this.encoders = [new Encoder(), new Encoder()];
    this.levels = new Map(AT_REST);
    this.analog = [0, 0, 0];
  }

  // Hang everything on a chip that has just been reset.
  wire(pico) {
    const { mcu, pins, timeline } = pico;
    this._pico = pico;
    const bus = new SharedBus(pins, CLOCK, MOSI);
    this.fram.wire(pins, bus, SELECT, MISO);
    this.inputs.wire(pins, bus, LATCH, REGISTERS_IN);
    this.outputs.wire(pins, bus, LATCH);
    wireSpi(mcu, pins, bus, CLOCK, MOSI);
    wireI2c(mcu, this.screen);
    this.line.wire(pins, timeline, DRIVER_UART);
    this.encoders.forEach((encoder, axis) => encoder.wire(pins, timeline, ...ENCODERS[axis]));
    pins.drive(CARRIAGE_ENABLE, 1);
    pins.watch(CARRIAGE_ENABLE, () => this._events.outputs());
    STEP.forEach((pin, axis) => {
      pins.watch(pin, (level) => level && this._events.edge(axis, pins.level(DIR[axis])));
    });
    for (const [pin, level] of this.levels) pins.drive(pin, level);
    mcu.adc.channelValues.splice(0, this.analog.length, ...this.analog);
    pico.blocks[0].onOff = (machines) => machines & BOTH_AXES && this._events.stop();
    this._watchDma(mcu);
  }

  // Whether the carriage's driver is off.
  get carriageOff() {
    return this._pico.pins.level(CARRIAGE_ENABLE);
  }

  setPin(pin, level) {
    this.levels.set(pin, level);
    this._pico.pins.drive(pin, level);
  }

  setAnalog(channel, raw) {
    this.analog[channel] = raw;
    this._pico.mcu.adc.channelValues[channel] = raw;
  }

  _watchDma(mcu) {
    const { dma } = mcu;
    const write = dma.writeUint32.bind(dma);
    dma.writeUint32 = (offset, value) => {
      if (offset === MULTI_CHAN_TRIGGER) {
        const begun = FEEDS.map((channel) => (value & (1 << channel) ? wordsOf(mcu, dma.channels[channel]) : []));
        if (begun.some((words) => words.length)) this._events.start(begun);
      }
      write(offset, value);
    };
  }
}

// What a channel is about to transfer.
function wordsOf(mcu, channel) {
  const words = [];
  for (let place = 0; place < channel.transCountReload; place++) {
    words.push(mcu.readUint32(channel.readAddr + 4 * place) >>> 0);
  }
  return words;
}
