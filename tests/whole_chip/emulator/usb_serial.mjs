// The chip's own USB serial port, as a host that has it open sees it: bytes go in packets of 64,
// each of which takes its time on the bus.

import { USBCDC } from './library.mjs';

const PACKET_BYTES = 64;
// A bulk packet of 64 bytes with its token and acknowledgement at 12 Mbit/s (USB 2.0, 5.8.4: at
// most 19 in a frame of 1 ms).
const PACKET_NS = 53_000;

export class UsbSerial {
  constructor(mcu, onBytes) {
    const usb = mcu.usbCtrl;
    this._usb = usb;
    this._cdc = new USBCDC(usb);
    this._waiting = [];
    this._bytes = 0;
    this._room = 0; // what the chip's buffer takes, 0 while it is not handed over
    this.connected = false;
    this._cdc.onDeviceConnected = () => (this.connected = true);
    this._cdc.onSerialData = (bytes) => onBytes(Buffer.from(bytes));
    usb.onEndpointRead = (endpoint, size) => {
      if (endpoint !== this._cdc.outEndpoint) return;
      this._room = size;
      this._next();
    };
    this._paceOutgoing(mcu.clock);
  }

  // Whether bytes for the chip wait.
  get waiting() {
    return this._bytes > 0;
  }

  // Bytes for the chip.
  send(bytes) {
    if (!bytes.length) return;
    this._waiting.push(bytes);
    this._bytes += bytes.length;
    this._next();
  }

  // Bytes that the chip has not taken, for the port that comes after a reset.
  rest() {
    return Buffer.concat(this._waiting);
  }

  _next() {
    if (!this._room || !this._bytes) return;
    const count = Math.min(PACKET_BYTES, this._room, this._bytes);
    const all = this._waiting.length > 1 ? Buffer.concat(this._waiting) : this._waiting[0];
    const left = all.subarray(count);
    this._waiting = left.length ? [left] : [];
    this._bytes = left.length;
    this._room = 0;
    this._usb.endpointReadDone(this._cdc.outEndpoint, all.subarray(0, count), PACKET_NS / 1000);
  }

  // The library hands the chip its buffer back at once; the bus takes longer.
  _paceOutgoing(clock) {
    const usb = this._usb;
    const ready = usb.indicateBufferReady.bind(usb);
    const sent = clock.createAlarm(() => ready(this._cdc.inEndpoint, false));
    usb.indicateBufferReady = (endpoint, out) => {
      if (!out && endpoint > 0 && endpoint === this._cdc.inEndpoint) sent.schedule(PACKET_NS);
      else ready(endpoint, out);
    };
  }
}
