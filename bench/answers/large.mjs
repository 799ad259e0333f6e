// What one very large workflow costs over HTTP, by its shape, alone and several at once. Linux only (/proc).
//   npm run build && node bench/answers/large.mjs [--spans 100000] [--shapes pairs,bushy] [--limit 20000] [--times 5] [--at-once 1,4] [--store DIR]
// Sends the workflows to `upshot serve`, waits until the background has noted them, and asks for them by their correlation ID. A directory that it is given stays,
// and is only asked when it holds them already.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SHAPES, text, workflow } from '../assemble/shapes.mjs';
import { serve } from '../serve.mjs';

const { values } = parseArgs({
  options: {
    spans: { type: 'string', default: '100000' },
    shapes: { type: 'string', default: Object.keys(SHAPES).join() },
    limit: { type: 'string', default: '20000' },
    times: { type: 'string', default: '5' },
    'at-once': { type: 'string', default: '1' },
    store: { type: 'string' },
  },
});
const shapes = Object.keys(SHAPES);
const asked = values.shapes.split(',');
const times = Number(values.times);
const TICKS_PER_S = 100;

const isFilled = values.store !== undefined && existsSync(values.store);
const directory = values.store ?? mkdtempSync(join(tmpdir(), 'upshot-bench-'));
const upshot = await serve(directory);
try {
  if (!isFilled) for (const shape of values.store === undefined ? asked : shapes) await send(shape);
  await noted();
  console.log(
    `${new Date().toISOString()}, ${cpus().length} × ${cpus()[0].model}, Node ${process.version}, load ${loadavg()[0].toFixed(1)}`,
  );
  console.log(
    'shape   at once   answered   best ms   median ms   most ms   CPU ms each   answer MB   RSS peak MB',
  );
  for (const shape of asked)
    for (const atOnce of values['at-once'].split(',').map(Number)) await measure(shape, atOnce);
} finally {
  await upshot.stop();
  if (values.store === undefined) rmSync(directory, { recursive: true, force: true });
}

async function send(shape) {
  const spans = workflow(Number(values.spans), SHAPES[shape], shapes.indexOf(shape) + 1);
  for (let at = 0; at < spans.length; at += 5000) {
    const resource = { attributes: [text('service.name', 'shop')] };
    const scopeSpans = [{ scope: { name: 'bench' }, spans: spans.slice(at, at + 5000) }];
    const response = await fetch(`${upshot.otlp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }),
    });
    if (!response.ok) throw new Error(`The server answered ${response.status}`);
  }
}

/** Waits until the background has noted all that was sent: what it does then is no part of an answer. */
async function noted() {
  const began = Date.now();
  for (;;) {
    const { asOf } = await (await fetch(`${upshot.ui}/api/workflows?limit=1`)).json();
    if (BigInt(asOf) >= BigInt(began) * 1_000_000n) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function measure(shape, atOnce) {
  const url = `${upshot.ui}/api/workflows/order_${shapes.indexOf(shape) + 1}?limit=${values.limit}`;
  const walls = [];
  const statuses = new Map();
  let bytes = 0;
  const one = async (counts) => {
    const began = performance.now();
    const response = await fetch(url);
    const { byteLength } = await response.arrayBuffer();
    if (!counts) return;
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    if (!response.ok) return;
    walls.push(performance.now() - began);
    bytes = byteLength;
  };
  await one(false);
  const before = cpuMs();
  for (let round = 0; round < times; round++)
    await Promise.all(Array.from({ length: atOnce }, () => one(true)));
  const cpu = (cpuMs() - before) / times / atOnce;
  walls.sort((a, b) => a - b);
  const answered = [...statuses].map(([status, count]) => `${status}: ${count}`).join(' ');
  console.log(
    [
      shape.padEnd(6),
      String(atOnce).padStart(8),
      answered.padStart(10),
      ms(walls[0]).padStart(9),
      ms(walls[walls.length >> 1]).padStart(11),
      ms(walls.at(-1)).padStart(9),
      ms(cpu).padStart(13),
      (bytes / 2 ** 20).toFixed(1).padStart(11),
      peakMb().padStart(13),
    ].join(' '),
  );
}

function ms(time) {
  return time === undefined ? '–' : time.toFixed(0);
}

/** Processor time of the server, all its threads, in milliseconds. */
function cpuMs() {
  const fields = readFileSync(`/proc/${upshot.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_S;
}

function peakMb() {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${upshot.child.pid}/status`, 'utf8'))[1];
  return (Number(peak) / 1024).toFixed(0);
}
