// The chip's peripherals come from npm's rp2040js, which `emulator.py` installs outside the sources.
const BUILD = new URL('../../../build/emulator/', import.meta.url);
const ESM = new URL('node_modules/rp2040js/dist/esm/', BUILD);

const library = await import(new URL('index.js', ESM));

export const { BasePeripheral, ConsoleLogger, LogLevel, RP2040, USBCDC } = library;
// The boot ROM's words, which `emulator.py` writes there too.
export const BOOTROM = new URL('bootrom.json', BUILD);
