// A free run with the USB serial port on a TCP socket, one client at a time.

import net from 'node:net';

// Emulated time between looks at the socket.
const BUSY_NS = 2e6;
const IDLE_NS = 20e6;
const REST_MS = 1;

export class Serve {
  constructor(bench) {
    this._bench = bench;
    this._client = null;
    this._server = net.createServer((socket) => this._connected(socket));
    this._running = false;
    this._resting = null;
  }

  // Begin; the port on loopback.
  async start() {
    await new Promise((done) => this._server.listen(0, '127.0.0.1', done));
    this._running = true;
    this._turn();
    return this._server.address().port;
  }

  // End, and let go of the socket.
  stop() {
    this._running = false;
    clearTimeout(this._resting);
    this._client?.destroy();
    this._server.close();
  }

  _connected(socket) {
    this._client?.destroy();
    this._client = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      this._bench.pico.usb.send(bytes);
      this._hurry();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this._client === socket) this._client = null;
    });
  }

  // Bytes have come in while nothing was to be done.
  _hurry() {
    if (this._resting === null) return;
    clearTimeout(this._resting);
    this._turn();
  }

  _turn() {
    this._resting = null;
    if (!this._running) return;
    const { pico } = this._bench;
    const idle = pico.idle && !pico.usb.waiting;
    this._bench.runFree(idle ? IDLE_NS : BUSY_NS, (bytes) => this._client?.write(bytes));
    if (idle && pico.idle) this._resting = setTimeout(() => this._turn(), REST_MS);
    else setImmediate(() => this._turn());
  }
}
