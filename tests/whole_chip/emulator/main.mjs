// node main.mjs [--uf2 IMAGE] [--flash FILE]: requests and answers are JSON, one object a line.
// Without an image there is only the chip around the processor.

import { parseArgs } from 'node:util';

import { Bench } from './bench.mjs';
import { Requests, answer } from './requests.mjs';
import { Serve } from './serve.mjs';

const { values } = parseArgs({ options: { uf2: { type: 'string' }, flash: { type: 'string' } } });
const bench = new Bench(values);
let served = null;

const OPERATIONS = {
  hello: () => ({ ok: true, usb: bench.pico.usb.connected }),
  set: (request) => {
    bench.set(request);
    return { ok: true };
  },
  run: (request) => bench.run(request),
  serve: async () => {
    served = new Serve(bench);
    return { port: await served.start() };
  },
  hold: () => {
    served?.stop();
    served = null;
    return { now_ns: Math.round(bench.pico.nanos) };
  },
  peek: ({ address, count }) => {
    const data = Buffer.alloc(count);
    for (let place = 0; place < count; place++) data[place] = bench.pico.mcu.readUint8(address + place);
    return { data: data.toString('base64') };
  },
  poke: ({ address, data }) => {
    Buffer.from(data, 'base64').forEach((byte, place) => bench.pico.poke(address + place, byte));
    return { ok: true };
  },
  bus: ({ accesses }) => ({
    loaded: accesses.flatMap((access) => bench.access(...access)),
    now_ns: Math.round(bench.pico.nanos),
  }),
  fram: () => ({ data: bench.wiring.fram.memory.toString('base64') }),
  fram_put: ({ data }) => {
    Buffer.from(data, 'base64').copy(bench.wiring.fram.memory);
    return { ok: true };
  },
  reset: () => {
    bench.pico.cycle();
    return { ok: true };
  },
  power: ({ on }) => {
    bench.setPower(on);
    return { ok: true };
  },
  save: () => {
    bench.pico.save();
    return { ok: true };
  },
};

async function carryOut(line) {
  try {
    const request = JSON.parse(line);
    const operation = OPERATIONS[request.op];
    return operation ? await operation(request) : { error: `no operation ${request.op}` };
  } catch (error) {
    return { error: String(error.stack ?? error) };
  }
}

const requests = new Requests();
for (;;) {
  const line = served ? await requests.nextBeside() : requests.next();
  if (line === null) break;
  answer(await carryOut(line));
}
served?.stop();
bench.pico.save();
