// A FIFO of words between the bus and a state machine.

export class Fifo {
  constructor() {
    this.words = new Int32Array(8);
    this.size = 4;
    this.count = 0;
    this._head = 0;
    this.arrived = -1; // the cycle of the last word that came in
  }

  get full() {
    return this.count >= this.size;
  }

  push(word, cycle) {
    this.words[(this._head + this.count) & 7] = word;
    this.count++;
    this.arrived = cycle;
  }

  pull() {
    const word = this.words[this._head];
    this._head = (this._head + 1) & 7;
    this.count--;
    return word;
  }

  resize(size) {
    this.size = size;
    this.count = 0;
  }
}
