// Lines of standard input. They are read without the event loop, whose turn costs more than a short
// run, except while something else needs it.

import fs from 'node:fs';

const STDIN = 0;
const STDOUT = 1;
const ROOM = 1 << 16;

export class Requests {
  constructor() {
    this._buffer = Buffer.alloc(ROOM);
    this._lines = [];
    this._rest = '';
  }

  // The next line, or null at the end; nothing else happens meanwhile.
  next() {
    while (!this._lines.length) {
      if (!this._take(fs.readSync(STDIN, this._buffer, 0, ROOM, null))) return null;
    }
    return this._lines.shift();
  }

  // The same, while the event loop goes on.
  async nextBeside() {
    while (!this._lines.length) {
      const count = await new Promise((done, failed) => {
        fs.read(STDIN, this._buffer, 0, ROOM, null, (error, read) => (error ? failed(error) : done(read)));
      });
      if (!this._take(count)) return null;
    }
    return this._lines.shift();
  }

  _take(count) {
    const lines = (this._rest + this._buffer.toString('latin1', 0, count)).split('\n');
    this._rest = lines.pop();
    this._lines.push(...lines);
    return count > 0;
  }
}

// All of a line goes out, however little the pipe takes at once.
export function answer(value) {
  const bytes = Buffer.from(JSON.stringify(value) + '\n');
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(STDOUT, bytes, at);
}
