// Answers over HTTP, by size of the store, alone and with telemetry written beside. Linux only (/proc).
//   npm run build && node bench/answers/run.mjs [--spans 1000000,10000000] [--beside 20000] [--times 200] [--directory DIR]
// Fills a store, starts `upshot serve` on it, asks for workflows of 16 spans in one trace and over six traces by each kind of ID, and for lists.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openChdbStore } from '@upshot/storage-clickhouse';
import { serve } from '../serve.mjs';
import { fill } from '../store/fill.mjs';
import { steady } from './steady.mjs';
import { overSixTraces } from './workflowOverTraces.mjs';

const { values } = parseArgs({
  options: {
    spans: { type: 'string', default: '1000000,10000000' },
    beside: { type: 'string', default: '20000' },
    times: { type: 'string', default: '200' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const times = Number(values.times);
const SIX = 200;

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model}, Node ${process.version}`,
);
for (const spans of values.spans.split(',').map(Number)) await measure(spans);

async function measure(spans) {
  const directory = mkdtempSync(join(values.directory, 'upshot-bench-'));
  try {
    console.log(`\n## ${spans.toLocaleString('en')} spans\n`);
    const store = await openChdbStore({ directory });
    const filled = await fill(store, spans);
    await store.close();
    const upshot = await serve(directory);
    try {
      const six = [];
      for (let i = 0; i < SIX; i++) {
        // Spread over the time that the store covers.
        const at = filled.begin + ((filled.newest - filled.begin) * BigInt(i)) / BigInt(SIX);
        const workflow = overSixTraces(at, i);
        const response = await fetch(`${upshot.otlp}/v1/traces`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(workflow.body),
        });
        if (!response.ok) throw new Error(`The server answered ${response.status}`);
        six.push(workflow.ids);
      }
      await noted(upshot.ui);
      await ask(upshot.ui, filled.ids, six, 'alone');
      const load = steady(`${upshot.otlp}/v1/traces`, Number(values.beside));
      await ask(upshot.ui, filled.ids, six, `${Number(values.beside).toLocaleString('en')} spans/s beside`);
      console.log(`\n${await load.stop()}`);
    } finally {
      await upshot.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Waits until the background has noted all that was filled in: what it does then is no part of an ordinary day. */
async function noted(ui) {
  const began = Date.now();
  for (;;) {
    const { asOf } = await json(`${ui}/api/workflows?limit=1`);
    if (BigInt(asOf) >= BigInt(began) * 1_000_000n) break;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  console.log(`the background noted all workflows in ${((Date.now() - began) / 1000).toFixed(0)} s`);
}

async function ask(ui, ids, six, circumstances) {
  console.log(`\n${circumstances}:`.padEnd(52), '  p50 ms   p99 ms');
  const any = (of) => of[Math.floor(Math.random() * of.length)];
  const workflow = (spans) => async (key) => {
    const answer = await json(`${ui}/api/workflows/${encodeURIComponent(key)}`);
    const found = new Set();
    for (const node of [...answer.events, ...answer.attempts, ...answer.steps]) found.add(node.spanId);
    if (found.size !== spans) throw new Error(`${key} has ${found.size} spans of ${spans}`);
  };
  const one = workflow(16);
  await time('one trace, by correlation ID', () => one(`order_${any(ids).id}`));
  await time('one trace, by trace ID', () => one(any(ids).trace));
  await time('one trace, by event ID', () => one(`evt_${any(ids).id}order.placed`));
  await time('six traces, by correlation ID', () => one(any(six).correlationId));
  await time('six traces, by trace ID', () => one(any(six).traceId));
  await time('six traces, by event ID', () => one(any(six).eventId));
  const list = async (query, least = 1) => {
    const { workflows } = await json(`${ui}/api/workflows?${query}`);
    if (workflows.length < least) throw new Error(`${query}: ${workflows.length} workflows`);
  };
  await time('newest 50', () => list('limit=50', 50), Math.min(times, 60));
  await time('newest 50 completed', () => list('limit=50&status=completed', 1), Math.min(times, 30));
  await time('hops', () => json(`${ui}/api/propagation`), Math.min(times, 60));
  await time('topology', () => json(`${ui}/api/topology`), Math.min(times, 60));
}

async function json(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

async function time(what, run, count = times) {
  for (let i = 0; i < 3; i++) await run();
  const walls = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    await run();
    walls.push(performance.now() - started);
  }
  walls.sort((a, b) => a - b);
  const at = (share) =>
    walls[Math.min(walls.length - 1, Math.floor(walls.length * share))].toFixed(1).padStart(8);
  console.log(`  ${what}`.padEnd(50), at(0.5), at(0.99));
}
