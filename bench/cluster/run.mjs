// What shards of a ClickHouse cluster bring: ingest and answers with one shard and with more, one after the other on this machine. Needs python3; Linux only.
//   npm run build && node bench/cluster/run.mjs [--shards 1,2] [--rounds 2] [--seconds 15] [--connections 16] [--times 60]
// In each round: servers are started, `upshot serve` on them is loaded for some seconds, all is counted, then questions are asked. The last table is of ratios.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { SPANS_PER_WORKFLOW } from '../ingest/payload.mjs';
import { serve } from '../serve.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    shards: { type: 'string', default: '1,2' },
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '15' },
    connections: { type: 'string', default: '16' },
    times: { type: 'string', default: '60' },
  },
});
const sizes = values.shards.split(',').map(Number);
const times = Number(values.times);
const COUNTED_MS = 600_000;
const TICKS_PER_SECOND = 100;

// The tests' own servers, which are written in TypeScript.
const sources = await createServer({
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, ws: false },
});
const { ClickHouseCluster } = await sources.ssrLoadModule(
  join(here, '../../test/clickhouse/rig/ClickHouseCluster.ts'),
);
const measured = new Map(sizes.map((shards) => [shards, []]));
try {
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model}, Node ${process.version}; load generator, Upshot and all shards share the cores`,
  );
  for (let round = 1; round <= Number(values.rounds); round++)
    for (const shards of sizes) {
      console.log(
        `\nround ${round}, ${shards} shard${shards === 1 ? '' : 's'}, load average ${loadavg()[0].toFixed(1)}`,
      );
      const figures = await measure(shards);
      measured.get(shards).push(figures);
      for (const [what, { text }] of figures) console.log(`  ${what.padEnd(40)} ${text}`);
    }
} finally {
  await sources.close();
}
summarise();

async function measure(shards) {
  const cluster = await ClickHouseCluster.start(shards);
  const work = mkdtempSync(join(tmpdir(), 'upshot-bench-'));
  try {
    const upshot = await serve(cluster.url());
    try {
      const pids = [upshot.child.pid, ...cluster.nodes.map(({ pid }) => pid)];
      const keysFile = join(work, 'keys');
      const before = pids.map(cpuSeconds);
      const said = await load(`${upshot.otlp}/v1/traces`, keysFile);
      const [own, ...servers] = pids.map((pid, n) => ((cpuSeconds(pid) - before[n]) / said.spans) * 1e6);
      const began = performance.now();
      await counted(upshot.ui);
      const figures = new Map([
        ['ingest, spans/s acknowledged', rate(said.spansPerSecond)],
        ['Upshot, CPU s per million', plain(own)],
        ['all servers, CPU s per million', plain(servers.reduce((a, b) => a + b, 0))],
        ['spans', plain(said.spans)],
        ['counted after s', plain((performance.now() - began) / 1000)],
        [
          'Upshot until counted, CPU s per million',
          plain(((cpuSeconds(pids[0]) - before[0]) / said.spans) * 1e6),
        ],
        [
          'notes written per workflow',
          plain((await notesWritten(upshot.ui)) / (said.spans / SPANS_PER_WORKFLOW)),
        ],
      ]);
      const keys = readFileSync(keysFile, 'utf8').split('\n').filter(Boolean);
      for (const [what, run] of questions(upshot.ui, await idsOf(upshot.ui, keys.slice(0, 40))))
        figures.set(what, await time(run));
      return figures;
    } finally {
      await upshot.stop();
    }
  } finally {
    await cluster.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

async function load(url, keysFile) {
  const { seconds, connections } = values;
  const args = ['--url', url, '--seconds', seconds, '--connections', connections, '--keys', keysFile];
  const child = spawn(process.execPath, [join(here, '../ingest/load.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const line = await new Promise((resolve) => createInterface(child.stdout).once('line', resolve));
  await ended;
  return JSON.parse(line);
}

/** Resolves when the background has counted all that was sent: what it does until then is no part of an answer. */
async function counted(ui) {
  const began = BigInt(Date.now()) * 1_000_000n;
  for (const end = Date.now() + COUNTED_MS; Date.now() < end; ) {
    const { asOf } = await json(`${ui}/api/workflows?limit=1`);
    if (BigInt(asOf) >= began) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  console.log('  not all was counted in time: what follows is measured beside the background');
}

async function notesWritten(ui) {
  const text = await (await fetch(`${ui}/metrics`)).text();
  return Number(/^upshot_roll_up_workflows_total (\S+)$/m.exec(text)[1]);
}

/** Of each workflow its three kinds of ID. */
async function idsOf(ui, keys) {
  const all = [];
  for (const key of keys) {
    const { events, traceIds } = await json(`${ui}/api/workflows/${encodeURIComponent(key)}`);
    all.push({ key, trace: traceIds[0], event: events.find(({ eventId }) => eventId !== null).eventId });
  }
  return all;
}

function questions(ui, ids) {
  let turn = 0;
  const workflow = (kind) => async () => {
    const asked = ids[turn++ % ids.length][kind];
    const { events, attempts, steps } = await json(`${ui}/api/workflows/${encodeURIComponent(asked)}`);
    const spans = new Set([...events, ...attempts, ...steps].map(({ spanId }) => spanId));
    if (spans.size !== SPANS_PER_WORKFLOW)
      throw new Error(`${asked} has ${spans.size} spans of ${SPANS_PER_WORKFLOW}`);
  };
  return [
    ['workflow by correlation ID, p50 / p99 ms', workflow('key')],
    ['workflow by trace ID, p50 / p99 ms', workflow('trace')],
    ['workflow by event ID, p50 / p99 ms', workflow('event')],
    ['newest 50 of the list, p50 / p99 ms', () => json(`${ui}/api/workflows?limit=50`)],
  ];
}

async function json(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function time(run) {
  for (let i = 0; i < 3; i++) await run();
  const walls = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    await run();
    walls.push(performance.now() - started);
  }
  walls.sort((a, b) => a - b);
  const at = (share) => walls[Math.min(walls.length - 1, Math.floor(walls.length * share))];
  return { value: at(0.5), text: `${at(0.5).toFixed(0)} / ${at(0.99).toFixed(0)}` };
}

function rate(value) {
  return { value, text: value.toLocaleString('en') };
}

function plain(value) {
  return { value, text: value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en') };
}

/** Means over the rounds, against the first size; of answers the p50. */
function summarise() {
  const [first, ...others] = sizes;
  for (const shards of others) {
    console.log(`\n${shards} shards against ${first} (mean of the rounds; of answers the p50)`);
    const mean = (size, what) => {
      const all = measured.get(size).map((figures) => figures.get(what).value);
      return all.reduce((a, b) => a + b, 0) / all.length;
    };
    for (const what of measured.get(first)[0].keys())
      console.log(`  ${what.padEnd(40)} ×${(mean(shards, what) / mean(first, what)).toFixed(2)}`);
  }
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
