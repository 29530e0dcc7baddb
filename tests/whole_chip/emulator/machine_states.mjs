// What a PIO state machine is at: running, or waiting for something to change.

export const RUNS = 0;
export const WAITS_TX = 1; // for a word to take
export const WAITS_RX = 2; // for room for a word
export const WAITS_PIN = 3;
export const WAITS_FLAG = 4;
export const LOOPS = 5; // goes round without an effect

// No instruction is pending from outside the program.
export const NONE = -1;
export const ALL_PINS = -1;

export const AUTOPUSH = 1 << 16;
export const AUTOPULL = 1 << 17;
export const IN_RIGHT = 1 << 18;
export const OUT_RIGHT = 1 << 19;
