// Ingest, end to end: durable spans per second, CPU, memory, bytes on disk, and 1,000 workflows read back whole. Linux only (/proc).
//   node bench/ingest/run.mjs [--seconds 20] [--connections 32] [--spans 512] [--gzip] [--store DIR] [--generator FILE]
//                             [--read 1000]
// Starts `upshot serve`, loads it from a process of its own, and then a server that only reads the bodies, for comparison.
// --generator takes another load generator that knows --url, --seconds, --connections, --spans, --gzip and --keys.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SPANS_PER_WORKFLOW } from './payload.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '32' },
    spans: { type: 'string', default: '512' },
    gzip: { type: 'boolean', default: false },
    store: { type: 'string' },
    read: { type: 'string', default: '1000' },
    generator: { type: 'string', default: join(here, 'load.mjs') },
  },
});

/** Starts a process and resolves with its first line of output. */
function start(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = new Promise((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)));
  });
  return { child, line };
}

function stop(child) {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
}

const TICKS_PER_SECOND = 100;
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
const megabytes = (pid, field) =>
  Math.round(
    Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024,
  );

/** Loads a server and returns what the generator said, with the server's CPU beside it. */
async function load(url, pid, keys) {
  const args = [options.generator, '--url', url, '--seconds', options.seconds];
  args.push('--connections', options.connections, '--spans', options.spans, '--keys', keys);
  if (options.gzip) args.push('--gzip', ...(options.generator.startsWith(here) ? [] : ['1']));
  const before = cpuSeconds(pid);
  const { child, line } = start(args);
  const said = JSON.parse(await line);
  if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  const spans = said.spans ?? said.acked;
  const cpu = cpuSeconds(pid) - before;
  return { ...said, spans, cpuSecondsPerMillion: Number(((cpu / spans) * 1e6).toFixed(2)) };
}

/** How many of the keys are answered with all of their workflow's spans, and how long answers take. */
async function readBack(ui, keys) {
  let whole = 0;
  const times = [];
  const queue = [...keys];
  const reader = async () => {
    const key = queue.pop();
    if (key === undefined) return;
    const begin = performance.now();
    const response = await fetch(`${ui}/api/workflows/${encodeURIComponent(key)}/spans`);
    const answer = await response.json();
    times.push(performance.now() - begin);
    const ids = new Set((answer.spans ?? []).map((span) => span.spanId));
    if (response.ok && ids.size === SPANS_PER_WORKFLOW) whole++;
    await reader();
  };
  await Promise.all([reader(), reader(), reader(), reader()]);
  times.sort((a, b) => a - b);
  return { keys: keys.length, whole, p50Ms: Math.round(times[times.length >> 1] ?? 0) };
}

const work = mkdtempSync(join(tmpdir(), 'upshot-bench-'));
try {
  const store = options.store ?? join(work, 'store');
  const cli = join(here, '../../packages/cli/bin/upshot.js');
  const ports = ['--port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0'];
  const upshot = start([cli, 'serve', ...ports, '--store', store]);
  const ready = await upshot.line;
  const [ui, otlp] = ['ui', 'otlp-http'].map((name) => new RegExp(`${name}=(\\S+)`).exec(ready)[1]);
  const keysFile = join(work, 'keys');
  const { pid } = upshot.child;
  const result = await load(`${otlp}/v1/traces`, pid, keysFile);
  const rssMb = { now: megabytes(pid, 'VmRSS'), peak: megabytes(pid, 'VmHWM') };
  const metrics = await (await fetch(`${ui}/metrics`)).text();
  const metric = (name) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)?.[1]);
  const keys = readFileSync(keysFile, 'utf8').split('\n').filter(Boolean).slice(0, Number(options.read));
  console.error(`loaded: ${JSON.stringify({ ...result, rssMb })}; now reading ${keys.length} workflows back`);
  const read = await readBack(ui, keys);
  await stop(upshot.child);

  const bodies = start([join(here, 'readBodies.mjs')]);
  const bodiesUrl = (await bodies.line).split(' ')[1];
  const bare = await load(`${bodiesUrl}/v1/traces`, bodies.child.pid, join(work, 'bare-keys'));
  await stop(bodies.child);

  console.log(
    JSON.stringify(
      {
        machine: `${cpus().length} × ${cpus()[0].model}, Node ${process.version}`,
        options: {
          seconds: options.seconds,
          connections: options.connections,
          spans: options.spans,
          gzip: options.gzip,
        },
        upshot: {
          ...result,
          rssMb,
          stored: { spans: metric('upshot_store_spans'), bytes: metric('upshot_store_bytes') },
          bytesPerSpan: Number((metric('upshot_store_bytes') / metric('upshot_store_spans')).toFixed(1)),
          readBack: read,
        },
        onlyReadingBodies: bare,
      },
      null,
      2,
    ),
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
