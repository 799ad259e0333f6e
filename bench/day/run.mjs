// Days of traffic in an hour or less: does memory stay flat, does the store stay within its bounds, does the background keep up, are answers right? Linux only (/proc).
//   npm run build && node bench/day/run.mjs [--hours 72] [--step 10] [--spans 8000] [--retention 6] [--retention-size 120] [--growth 10] [--directory DIR]
// Every `step` minutes of the server's clock `spans` spans are sent at full pace; once they are counted, the clock is set ahead. Retention in hours, its size
// in MB. Ends with 1 where memory grew by more than `growth` percent from the second quarter to the last, or an answer was wrong. The last line is JSON.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Asking } from './asking.mjs';
import { bodyOf, SPANS_PER_WORKFLOW, workflow } from './traffic.mjs';

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '72' },
    step: { type: 'string', default: '10' },
    spans: { type: 'string', default: '8000' },
    retention: { type: 'string', default: '6' },
    'retention-size': { type: 'string', default: '120' },
    growth: { type: 'string', default: '10' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const MINUTE = 60_000_000_000n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;
const step = BigInt(values.step) * MINUTE;
const steps = Number((BigInt(values.hours) * HOUR) / step);
const retention = BigInt(values.retention) * HOUR;
/** Workflows of one request. */
const REQUEST = 100;
const CONNECTIONS = 4;
/** Lines of the table. */
const LINES = 24;

// Six in the evening: a day ends soon, and is dropped when it is older than the retention.
const begin = ((BigInt(Date.now()) * 1_000_000n) / DAY) * DAY - 30n * DAY + 18n * HOUR;
const directory = mkdtempSync(join(values.directory, 'upshot-day-'));
const args = [directory, begin, retention, Number(values['retention-size']) * 1e6].map(String);
const child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), args);
const died = once(child, 'exit').then(([code, signal]) => {
  throw new Error(`the server ended (${code ?? signal})`);
});
died.catch(() => {});
let verdict;
try {
  verdict = await run();
} finally {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  if (child.exitCode === null && child.signalCode === null) await ended;
  rmSync(directory, { recursive: true, force: true });
}
console.log(JSON.stringify(verdict));
process.exit(verdict.faults.length === 0 ? 0 : 1);

async function run() {
  const [{ ui, otlp }] = await Promise.race([once(child, 'message'), died]);
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model}, Node ${process.version}, load average ${loadavg()[0].toFixed(1)}\n`,
  );
  console.log('  hour   spans sent   in store   store MB   RSS MB   heap MB   counted after s');
  const asking = new Asking(ui);
  const samples = [];
  let clock = begin;
  let late = [];
  let sent = 0;
  let number = 0;
  for (let n = 0; n < steps; n++) {
    const flows = [];
    const count = Math.round(Number(values.spans) / SPANS_PER_WORKFLOW);
    for (let i = 0; i < count; i++)
      flows.push(workflow(number++, clock - step + (step * BigInt(i)) / BigInt(count)));
    await deliver(otlp, flows, late);
    late = flows.flatMap(({ later }) => later);
    sent += flows.reduce((sum, { now, later }) => sum + now.length + later.length, 0);
    asking.sent(flows, clock);
    const ended = performance.now();
    const { clock: reached } = await tell(0n);
    await asking.untilCounted(BigInt(reached));
    const counted = (performance.now() - ended) / 1000;
    await asking.lookAround(n);
    const { clock: later, heapUsed, rss, lines } = await tell(step);
    clock = BigInt(later);
    samples.push({ rss, heapUsed, counted, lines, ...(await asking.store()) });
    if ((n + 1) % Math.max(1, Math.round(steps / LINES)) === 0)
      print((n + 1) * Number(step / MINUTE), sent, samples.at(-1));
  }
  await deliver(otlp, [], late);
  const { clock: last } = await tell(0n);
  await asking.untilCounted(BigInt(last));
  const faults = await asking.faults(BigInt(last), retention);
  return { ...measure(samples, faults), sent, steps };
}

/** Sends workflows, and what of earlier ones comes late. Refused requests are sent again, as exporters do. */
async function deliver(otlp, flows, late) {
  const bodies = [];
  for (let at = 0; at < flows.length; at += REQUEST)
    bodies.push(['/v1/traces', bodyOf(flows.slice(at, at + REQUEST).flatMap(({ now }) => now))]);
  if (late.length > 0) bodies.push(['/v1/traces', bodyOf(late)]);
  const records = flows.flatMap((one) => one.records);
  if (records.length > 0) bodies.push(['/v1/events', JSON.stringify(records)]);
  const send = async () => {
    for (let next = bodies.shift(); next !== undefined; ) {
      const [path, body] = next;
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(otlp + path, { method: 'POST', headers, body });
      const text = await response.text();
      if (response.ok) {
        if (/partialSuccess":\{"rejected|"index"/.test(text))
          throw new Error(`refused in part: ${text.slice(0, 300)}`);
        next = bodies.shift();
      } else if (response.status === 429 || response.status === 503)
        await new Promise((resolve) => setTimeout(resolve, 200));
      else throw new Error(`${response.status} ${text}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, send));
}

/** Sets the server's clock ahead, and resolves with what it says of itself. */
async function tell(aheadNano) {
  child.send({ aheadNano: String(aheadNano) });
  const [said] = await Promise.race([once(child, 'message'), died]);
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return { ...said, rss: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024 };
}

function print(minutes, sent, { rss, heapUsed, counted, spans, bytes }) {
  const cells = [
    [(minutes / 60).toFixed(1), 6],
    [sent.toLocaleString('en'), 12],
    [spans.toLocaleString('en'), 10],
    [(bytes / 1e6).toFixed(0), 10],
    [(rss / 1e6).toFixed(0), 8],
    [(heapUsed / 1e6).toFixed(0), 9],
    [counted.toFixed(1), 17],
  ];
  console.log(cells.map(([text, width]) => text.padStart(width)).join(' '));
}

function measure(samples, faults) {
  const quarter = (n) =>
    samples.slice(Math.floor((samples.length * (n - 1)) / 4), Math.floor((samples.length * n) / 4));
  const mean = (of, field) => of.reduce((sum, one) => sum + one[field], 0) / of.length;
  const most = (of, field) => Math.max(...of.map((one) => one[field]));
  const [second, last] = [quarter(2), quarter(4)];
  const growth = (mean(last, 'rss') / mean(second, 'rss') - 1) * 100;
  const all = [...faults];
  if (growth > Number(values.growth))
    all.push(`memory grew by ${growth.toFixed(1)} % from the second quarter to the last`);
  const megabytes = (bytes) => Math.round(bytes / 1e6);
  console.log(
    `\nRSS, mean of the second quarter ${megabytes(mean(second, 'rss'))} MB, of the last ${megabytes(mean(last, 'rss'))} MB (${growth >= 0 ? '+' : ''}${growth.toFixed(1)} %), at most ${megabytes(most(samples, 'rss'))} MB; store at most ${megabytes(most(samples, 'bytes'))} MB; counted at most ${most(samples, 'counted').toFixed(1)} s after sending`,
  );
  for (const fault of all) console.log(`WRONG: ${fault}`);
  return {
    growthPercent: Number(growth.toFixed(1)),
    mostRss: most(samples, 'rss'),
    mostStoreBytes: most(samples, 'bytes'),
    fewestSpans: Math.min(...samples.slice(samples.length >> 1).map(({ spans }) => spans)),
    mostCountedSeconds: most(samples, 'counted'),
    linesLogged: samples.at(-1)?.lines ?? 0,
    faults: all,
  };
}
