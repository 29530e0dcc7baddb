// The bench's side of the emulated gun: inputs are set, time passes, and what happened is told.

import { Pico } from './pico.mjs';
import { Wiring } from './wiring.mjs';

const LINK_EVERY_NS = 1e6;
// A load or store with the instruction beside it: four cycles.
const ACCESS_NS = 32;

export class Bench {
  constructor({ uf2, flash }) {
    this._edges = [];
    this._link = [];
    this._uart = [];
    this._levels = []; // changes of the pins that somebody watches
    this._linkStopped = -Infinity;
    this._why = null;
    this._began = null;
    this._screenTold = false;
    this._onLink = null;
    this.wiring = new Wiring({
      edge: (axis, dir) => this._edges.push([this.pico.nanos, axis, dir]),
      stop: () => this._stop('stop'),
      outputs: () => this._stop('outputs'),
      start: (words) => {
        this._began = { ns: this.pico.nanos, words };
        this._stop('start');
      },
    });
    this.pico = new Pico({
      uf2,
      file: flash,
      wire: (pico) => this._wire(pico),
      onBytes: (bytes) => this._out(bytes),
    });
  }

  // Set inputs, as `set` and `run` of the protocol have them.
  set({ pins, lines, adc, drivers, fram_present, display_present, uart_noise, uart, link, watch }) {
    const { wiring, pico } = this;
    for (const pin of watch ?? []) {
      pico.pins.watch(pin, (level) => this._levels.push([pico.nanos, pin, level]));
    }
    for (const [pin, level] of Object.entries(pins ?? {})) wiring.setPin(Number(pin), level);
    if (lines !== undefined) wiring.inputs.set(lines);
    for (const [channel, raw] of Object.entries(adc ?? {})) wiring.setAnalog(Number(channel), raw);
    for (const [address, state] of Object.entries(drivers ?? {})) wiring.drivers[Number(address)].set(state);
    if (fram_present !== undefined) wiring.fram.present = fram_present;
    if (display_present !== undefined) wiring.screen.present = display_present;
    if (uart_noise) {
      const noise = Buffer.from(uart_noise, 'base64');
      wiring.line.tell(noise);
      pico.uarts[0].receive(noise);
    }
    if (uart) pico.uarts[0].receive(Buffer.from(uart, 'base64'));
    if (link) pico.usb.send(Buffer.from(link, 'base64'));
  }

  // Run for a time, or until something worth telling; the answer of the protocol.
  run({ for_us, for_ns, counts, ...inputs }) {
    this.set(inputs);
    const nanos = for_ns ?? for_us * 1000;
    (counts ?? []).forEach((count, axis) => this.wiring.encoders[axis].reach(count, nanos));
    this._why = null;
    this.pico.run(nanos);
    return this._told();
  }

  // A store, or a load where there is no value, as the processor makes it.
  access(address, bytes, value) {
    const { bus } = this.pico.processor;
    const loaded = [];
    if (value === undefined) loaded.push(bus.load(address, bytes) >>> 0);
    else bus.store(address, value, bytes);
    this.pico.run(ACCESS_NS);
    return loaded;
  }

  // Everything stops without power, and starts anew with it.
  setPower(on) {
    if (on && !this.pico.powered) this.pico.cycle();
    this.pico.powered = on;
  }

  // Run without a bench: bytes go to `onLink`, nothing is told.
  runFree(nanos, onLink) {
    this._onLink = onLink;
    this.pico.run(nanos);
    this._onLink = null;
    this._edges = [];
    this._began = null;
  }

  _wire(pico) {
    // The chip is wired before it is known here.
    this.pico = pico;
    this._linkAlarm = pico.timeline.createAlarm(() => this._stop('link'));
    this.wiring.wire(pico);
    pico.uarts[0].onByte = (byte) => this._uart.push(byte);
  }

  _stop(why) {
    if (this._onLink) return;
    // What came first in one instruction counts, but a start is always told.
    if (!this._why || why === 'start') this._why = why;
    this.pico.pause();
  }

  _out(bytes) {
    if (this._onLink) {
      this._onLink(bytes);
      return;
    }
    this._link.push(bytes);
    if (this._linkAlarm.scheduled) return;
    this._linkAlarm.schedule(Math.max(0, this._linkStopped + LINK_EVERY_NS - this.pico.nanos));
  }

  _told() {
    const { pico, wiring } = this;
    if (pico.wasReset) this._why = 'reset';
    pico.wasReset = false;
    const answer = {
      now_ns: Math.round(pico.nanos),
      why: this._why ?? 'time',
      edges: this._edges,
      carriage_off: wiring.carriageOff,
      lines_out: wiring.outputs.outputs,
      link: Buffer.concat(this._link).toString('base64'),
      resets: pico.resets,
      fed: pico.fed,
    };
    if (this._link.length) this._linkStopped = pico.nanos;
    this._linkAlarm.cancel();
    if (this._began) answer.began = this._began;
    if (this._uart.length) answer.uart = Buffer.from(this._uart).toString('base64');
    if (wiring.screen.changed || !this._screenTold) answer.screen = wiring.screen.memory.toString('base64');
    this._screenTold = true;
    wiring.screen.changed = false;
    if (this._levels.length) answer.levels = this._levels;
    this._edges = [];
    this._link = [];
    this._uart = [];
    this._levels = [];
    this._began = null;
    return answer;
  }
}
