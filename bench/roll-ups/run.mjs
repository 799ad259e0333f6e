// What notes of workflows and tallies cost in the embedded store, and how fast they are read.
//   node bench/roll-ups/run.mjs [--notes 2000000] [--minutes 2000] [--series 100] [--times 20] [--directory DIR]     (after `npm run build`)
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attributeHash } from '@upshot/model';
import { openChdbStore } from '@upshot/storage-clickhouse';
import { cells, EVENTS, eventId, notes, SPACING_NANOS } from './material.mjs';

const { values } = parseArgs({
  options: {
    notes: { type: 'string', default: '2000000' },
    minutes: { type: 'string', default: '2000' },
    series: { type: 'string', default: '100' },
    times: { type: 'string', default: '20' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const [total, minutes, series, times] = [values.notes, values.minutes, values.series, values.times].map(
  Number,
);
/** Notes of one write: what the background hands over at once. */
const GROUP = 5_000;

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, load average ${loadavg()[0].toFixed(1)}\n`,
);
const directory = mkdtempSync(join(values.directory, 'upshot-bench-'));
try {
  const store = await openChdbStore({ directory });
  const now = BigInt(Date.now()) * 1_000_000n;
  const begin = now - BigInt(total) * SPACING_NANOS;
  await writeNotes(store, begin);
  await writeTallies(store, Number(now / 60_000_000_000n) - minutes);
  await readAll(store, begin, now);
  await store.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** Every third workflow is noted twice, in different writes: under way, and when it is done. */
async function writeNotes(store, begin) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  let rows = 0;
  for (let at = 0; at < total; at += GROUP) {
    const ahead = Math.min(GROUP, total - at - GROUP);
    const group = [
      ...(ahead > 0 ? notes(begin, at + GROUP, ahead, true) : []),
      ...notes(begin, at, Math.min(GROUP, total - at)),
    ];
    await store.writeRollUps(group);
    rows += group.length;
  }
  report('notes', rows, cpu, started);
  console.log(`        ${((await store.statistics()).bytes / total).toFixed(0)} B a note in active parts\n`);
}

async function writeTallies(store, first) {
  const before = (await store.statistics()).bytes;
  const cpu = process.cpuUsage();
  const started = performance.now();
  // Each minute is written twice, as when rows come late.
  for (const version of [1n, 2n])
    for (let at = 0; at < minutes; at += 50)
      await store.writeTallies(cells(first + at, Math.min(50, minutes - at), series, version));
  report('tallies', minutes * series * 2, cpu, started);
  console.log(
    `        ${(((await store.statistics()).bytes - before) / (minutes * series)).toFixed(0)} B a tally in active parts\n`,
  );
}

function report(what, rows, cpuBefore, started) {
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(cpuBefore);
  console.log(
    `${what}: ${rows.toLocaleString('en')} rows, ${Math.round(rows / wall)} k rows/s, ${((user + system) / rows).toFixed(1)} µs CPU a row, merging and generating included`,
  );
}

async function readAll(store, begin, now) {
  const middle = begin + (now - begin) / 2n;
  const failed = { any: ['failed'], nowUnixNano: now };
  const [first] = await store.rollUps({ limit: 1 });
  const counts = { since: begin, until: now, width: (now - begin) / 60n, nowUnixNano: now };
  const queries = {
    'newest 50': () => store.rollUps({ limit: 50 }),
    '50 behind one in the middle': () =>
      store.rollUps({ limit: 50, behind: { timeUnixNano: middle, id: first.id } }),
    '50 of an event (1 in 200)': () => store.rollUps({ facets: [`event:event-${EVENTS - 1}`], limit: 50 }),
    '50 of an event and a consumer': () =>
      store.rollUps({ facets: ['event:event-7', 'consumer:consumer-7'], limit: 50 }),
    '50 of a key (1 in all)': () => store.rollUps({ facets: ['customer:c-4711'], limit: 50 }),
    '50 of a key that is not there': () => store.rollUps({ facets: ['customer:nobody'], limit: 50 }),
    '50 failed (1 in 10,000)': () => store.rollUps({ statuses: failed, limit: 50 }),
    '50 with an attribute (1 in 20)': () =>
      store.rollUps({ attributes: [attributeHash('attribute.50', '7')], limit: 50 }),
    '50 with an attribute (1 in all)': (n) =>
      store.rollUps({ attributes: [attributeHash('own.3', `${4711 + (n + 2) * 997}`)], limit: 50 }),
    '50 with an attribute that is not there': (n) =>
      store.rollUps({ attributes: [attributeHash('own.3', `none ${n}`)], limit: 50 }),
    '50 failed with an attribute (1 in 10,000)': () =>
      store.rollUps({ attributes: [attributeHash('attribute.50', '17')], statuses: failed, limit: 50 }),
    '50 with a text (1 in 20)': () => store.rollUps({ text: 'of service-7', limit: 50 }),
    '50 with a text (1 in 10,000)': () => store.rollUps({ text: 'payment provider', limit: 50 }),
    '50 with a part of an ID (1 in all)': (n) =>
      store.rollUps({ text: eventId(4711 + (n + 2) * 997, 2).slice(3, 15), limit: 50 }),
    '50 with a text that is not there': (n) => store.rollUps({ text: `warehouse-webhook ${n}`, limit: 50 }),
    '50 with three characters that are not there': (n) => store.rollUps({ text: `~~${n + 2}`, limit: 50 }),
    'counts of all': () => store.countRollUps(counts),
    'counts of an attribute (1 in 20)': () =>
      store.countRollUps({ ...counts, attributes: [attributeHash('attribute.50', '7')] }),
    'counts of an attribute (1 in all)': () =>
      store.countRollUps({ ...counts, attributes: [attributeHash('own.3', '4711')] }),
    'counts of a text (1 in 20)': () => store.countRollUps({ ...counts, text: 'of service-7' }),
    'counts of a text that is not there': () =>
      store.countRollUps({ ...counts, text: 'send-warehouse-webhook' }),
    'all failed': () => store.rollUps({ statuses: failed, limit: 1000 }),
    'all that are newer than a minute': () =>
      store.rollUps({ newerThan: now - 60_000_000_000n, limit: 10_000 }),
    'all of one minute': () =>
      store.rollUps({ since: middle, before: middle + 60_000_000_000n, limit: 100_000 }),
    'tallies over all minutes': () => store.tallies({ kinds: ['hop'] }),
    'tallies by the hour': () => store.tallies({ kinds: ['hop'], every: 60 }),
    'tallies of one series by ten minutes': () =>
      store.tallies({ kinds: ['hop'], every: 10, series: ['["hop",7]'] }),
  };
  // On a busy machine what a read costs is told better by the processor's time than by the clock's.
  console.log(`${'read'.padEnd(45)}      rows   p50 ms   p99 ms   CPU ms`);
  for (const [name, query] of Object.entries(queries)) {
    const took = [];
    let rows = 0;
    let cpu = process.cpuUsage();
    for (let time = -2; time < times; time++) {
      if (time === 0) cpu = process.cpuUsage();
      const started = performance.now();
      // What is looked for again is remembered by the engine, granule by granule: where that would flatter, it is another each time.
      rows = (await query(time)).length;
      if (time >= 0) took.push(performance.now() - started);
    }
    const { user, system } = process.cpuUsage(cpu);
    took.sort((a, b) => a - b);
    const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))].toFixed(1);
    console.log(
      `${name.padEnd(45)}  ${String(rows).padStart(8)} ${at(0.5).padStart(8)} ${at(0.99).padStart(8)} ${((user + system) / 1000 / times).toFixed(1).padStart(8)}`,
    );
  }
}
