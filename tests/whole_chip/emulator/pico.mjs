// A whole Pico: the library's peripherals, with processor, pins, PIO and time of our own.

import fs from 'node:fs';

import { ClockCoupledPio } from './clock_coupled_pio.mjs';
import { FLASH_BYTES, answerUniqueId, callRoutine, erased } from './flash_memory.mjs';
import { patchedBootrom, readUf2 } from './flash_memory.mjs';
import { BOOTROM, ConsoleLogger, LogLevel, RP2040 } from './library.mjs';
import { Pins } from './pins.mjs';
import { Processor } from './processor.mjs';
import { Timeline } from './timeline.mjs';
import { Uart } from './uart.mjs';
import { UsbSerial } from './usb_serial.mjs';

const FLASH_BASE = 0x10000000;
const PIO_BASES = [0x50200, 0x50300];
const UART_BASES = [0x40034, 0x40038];
const UART_IRQS = [20, 21];
const WATCHDOG_BASE = 0x40058;
const WATCHDOG_LOAD = 0x04;
const FIRST_HZ = 125e6;

export class Pico {
  // `uf2` is MicroPython's image, without which the processor sleeps for ever; `file` keeps the
  // flash between runs; `wire(pico)` hangs everything on the pins of a chip that was just reset.
  constructor({ uf2, file, wire, onBytes }) {
    this._file = file;
    this._wire = wire;
    this._onBytes = onBytes;
    this._bootrom = patchedBootrom(JSON.parse(fs.readFileSync(BOOTROM)));
    this._bare = !uf2;
    this._flash = uf2 ? readUf2(uf2) : erased();
    if (file && fs.existsSync(file)) this._flash.set(fs.readFileSync(file).subarray(0, FLASH_BYTES));
    this._epoch = 0;
    this.resets = 0;
    this.fed = 0;
    this.powered = true;
    this._start(null);
  }

  // Nanoseconds since the process began.
  get nanos() {
    return this._epoch + this.timeline.nanos;
  }

  // Run for so many nanoseconds, or until `pause`; whether the time is over.
  run(nanos) {
    const end = this.nanos + nanos;
    this._paused = false;
    while (!this._paused && this.nanos < end) {
      const last = this.timeline.cycleAt(end - this._epoch);
      if (this.powered) this._runTo(last);
      else this.timeline.at[0] = last;
      if (this._resetWanted) this._reset();
    }
    return !this._paused;
  }

  // End `run` at the end of the present instruction.
  pause() {
    this._paused = true;
    this.timeline.deadline = 0;
  }

  // Whether nothing will happen until an alarm or an input.
  get idle() {
    return this.processor.asleep;
  }

  // Power off and on: RAM and all registers are lost.
  cycle() {
    this._restart(null);
  }

  // Write a byte of RAM or flash from outside.
  poke(address, byte) {
    if (address >>> 24 === FLASH_BASE >>> 24) this.mcu.flash[address & 0xffffff] = byte;
    else this.mcu.writeUint8(address, byte);
  }

  // Keep the flash in its file.
  save() {
    if (this._file) fs.writeFileSync(this._file, this.mcu.flash.subarray(0, FLASH_BYTES));
  }

  _runTo(last) {
    const { timeline, processor } = this;
    const { at } = timeline;
    const [first, second] = this.blocks;
    const { baseCycle } = timeline;
    // With another frequency the last cycle is another one.
    while (at[0] < last && !this._paused && !this._resetWanted && timeline.baseCycle === baseCycle) {
      const due = Math.min(timeline.nextCycle, Math.floor(first.due), Math.floor(second.due));
      timeline.deadline = Math.min(last, due);
      if (this._stalledUntil > at[0]) at[0] = Math.min(timeline.deadline, this._stalledUntil);
      else {
        processor.run();
        if (processor.asleep && at[0] < timeline.deadline) at[0] = timeline.deadline;
      }
      this._fire();
    }
  }

  // Everything that has become due, in its order and each in its own cycle.
  _fire() {
    const { timeline } = this;
    const { at } = timeline;
    const [first, second] = this.blocks;
    const now = at[0];
    for (;;) {
      const pio = Math.min(Math.floor(first.due), Math.floor(second.due));
      const alarm = timeline.nextCycle;
      if (Math.min(pio, alarm) > now || this._resetWanted) break;
      if (pio <= alarm) {
        at[0] = pio;
        if (Math.floor(first.due) === pio) first.run();
        if (Math.floor(second.due) === pio) second.run();
      } else {
        at[0] = alarm;
        timeline.fireFirst();
      }
    }
    at[0] = now;
  }

  _reset() {
    this._resetWanted = false;
    this.resets++;
    this._restart(this.mcu.peripherals[WATCHDOG_BASE]);
    this.pause();
    this.wasReset = true;
  }

  _restart(watchdog) {
    this._epoch = Math.round(this.nanos);
    this._flash = this.mcu.flash;
    const unsent = this.usb.rest();
    this._start(watchdog);
    this.usb.send(unsent);
  }

  _start(watchdog) {
    this._resetWanted = false;
    this._stalledUntil = 0;
    this.timeline = new Timeline(FIRST_HZ);
    const mcu = new RP2040(this.timeline);
    this.mcu = mcu;
    mcu.logger = new ConsoleLogger(LogLevel.Error);
    mcu.loadBootrom(this._bootrom);
    mcu.flash.set(this._flash);
    // The boot ROM would look for a second stage here.
    mcu.core.PC = FLASH_BASE;
    mcu.addClockListener((frequency) => this.timeline.setFrequency(frequency));
    mcu.onBreak = (number) => this._routine(number);
    this.pins = new Pins(mcu);
    this.processor = new Processor(mcu, this.timeline, this.pins);
    this.processor.asleep = this._bare;
    this.blocks = PIO_BASES.map((base, index) => {
      const block = new ClockCoupledPio(mcu, index, this.timeline, this.pins);
      mcu.pio[index] = mcu.peripherals[base] = block;
      return block;
    });
    this.pins.blocks = this.blocks;
    this.uarts = UART_BASES.map((base, index) => {
      const uart = new Uart(mcu, `UART${index}`, UART_IRQS[index]);
      mcu.uart[index] = mcu.peripherals[base] = uart;
      return uart;
    });
    this.usb = new UsbSerial(mcu, this._onBytes);
    this._watch(mcu.peripherals[WATCHDOG_BASE], watchdog);
    answerUniqueId(mcu);
    this._wire(this);
  }

  // The watchdog's scratch registers and its reason last over its own reset.
  _watch(watchdog, before) {
    if (before) {
      watchdog.reason = before.reason;
      watchdog.scratchData.set(before.scratchData);
    }
    watchdog.onWatchdogTrigger = () => {
      this._resetWanted = true;
      this.timeline.deadline = 0;
    };
    const write = watchdog.writeUint32.bind(watchdog);
    watchdog.writeUint32 = (offset, value) => {
      if (offset === WATCHDOG_LOAD && watchdog.enable) this.fed++;
      write(offset, value);
    };
  }

  _routine(number) {
    const nanos = callRoutine(this.mcu, number, () => (this._resetWanted = true));
    // Only the processor stands still; what runs from RAM goes on.
    if (nanos) this._stalledUntil = this.timeline.cycleAt(this.timeline.nanos + nanos);
    this.timeline.deadline = 0;
  }
}
