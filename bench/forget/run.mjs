// What forgetting one workflow costs the embedded store, by its size: until no read finds it, and what the engine does afterwards. Linux only (/proc).
//   npm run build && node bench/forget/run.mjs [--spans 10000000] [--times 10] [--directory DIR]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { NO_ROWS } from '@upshot/storage';
import { openChdbStore } from '@upshot/storage-clickhouse';
import { notes } from '../roll-ups/material.mjs';
import { fill } from '../store/fill.mjs';

const { values } = parseArgs({
  options: {
    spans: { type: 'string', default: '10000000' },
    times: { type: 'string', default: '10' },
    directory: { type: 'string', default: tmpdir() },
  },
});
/** Notes of one write. */
const GROUP = 5_000;
/** After the last of them, what is being written anew belongs to the cost. */
const SETTLE_MS = 20_000;

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model}, Node ${process.version}, load average ${loadavg()[0].toFixed(1)}`,
);
const directory = mkdtempSync(join(values.directory, 'upshot-bench-'));
try {
  const store = await openChdbStore({ directory });
  const spans = Number(values.spans);
  const { ids, begin } = await fill(store, spans);
  const workflows = Math.floor(spans / 16);
  for (let at = 0; at < workflows; at += GROUP)
    await store.writeRollUps([...notes(begin, at, Math.min(GROUP, workflows - at))]);
  await measure(store, ids);
  await store.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function measure(store, ids) {
  const before = await store.statistics();
  console.log(
    `\n${before.spans.toLocaleString('en')} spans, ${Math.round(before.bytes / 1e6)} MB, RSS ${rss()} MB`,
  );
  const took = [];
  const cpu = process.cpuUsage();
  let most = 0;
  for (let time = 0; time < Number(values.times); time++) {
    const { trace } = ids[Math.floor((ids.length * time) / Number(values.times))];
    const places = await placesOf(store, trace);
    if (places.length === 0) throw new Error(`nothing is known of ${trace}`);
    const started = performance.now();
    await store.remove({ spans: places, instead: NO_ROWS, records: [], logs: [] });
    took.push(performance.now() - started);
    if ((await placesOf(store, trace)).length > 0) throw new Error(`${trace} is found still`);
    most = Math.max(most, rss());
  }
  await sleep(SETTLE_MS);
  const { user, system } = process.cpuUsage(cpu);
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))].toFixed(0);
  console.log(
    [
      `spans gone from all reads: best ${at(0)}, median ${at(0.5)}, most ${at(1)} ms`,
      `CPU, writing parts anew included: ${((user + system) / 1e6 / took.length).toFixed(2)} s each`,
      `RSS at most ${most} MB, ${rss()} MB afterwards`,
    ].join('\n'),
  );
  const [note] = await store.rollUps({ limit: 1 });
  const started = performance.now();
  const { timeUnixNano, id } = note;
  const found = await store.rollUps({
    times: [timeUnixNano],
    since: timeUnixNano,
    before: timeUnixNano + 1n,
    limit: 100,
  });
  const looked = performance.now() - started;
  if (!found.some((one) => one.id === id)) throw new Error('a note is not found by its time');
  await store.removeNotes({ places: [note], minutes: [], before: note.version + 1n });
  console.log(
    `notes: found by their times in ${looked.toFixed(0)} ms, gone after another ${(performance.now() - started - looked).toFixed(0)} ms`,
  );
}

async function placesOf(store, trace) {
  const { spans } = await store.find({ traceIds: [trace], limit: 1_000 });
  const hex = (bytes, at, length) => Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('hex');
  return Array.from({ length: spans.rows }, (_, row) => ({
    traceId: hex(spans.traceIds, row * 16, 16),
    spanId: hex(spans.spanIds, row * 8, 8),
  }));
}

function rss() {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024);
}
