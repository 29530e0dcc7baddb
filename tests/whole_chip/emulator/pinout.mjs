// Which pin of the Pico does what, as hardware/gun.toml says.

import fs from 'node:fs';

const GUN = new URL('../../../hardware/gun.toml', import.meta.url);
const PIN = /^\[\[pins\]\]\s+gpio = (\d+)\s+function = "([^"]+)"/gm;

const pins = [...fs.readFileSync(GUN, 'utf8').matchAll(PIN)].map(([, gpio, use]) => [Number(gpio), use]);

// The one pin whose function begins so.
export function pinOf(begin) {
  const found = pins.filter(([, use]) => use.startsWith(begin));
  if (found.length !== 1) throw new Error(`hardware/gun.toml has ${found.length} pins for ${begin}`);
  return found[0][0];
}
