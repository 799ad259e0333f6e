// The topology and the hops over HTTP, by range, from tallies as 30 million spans leave them: some two million workflows at eight a second, over three days.
//   node bench/roll-ups/topology.mjs [--minutes 4166] [--workflows 480] [--times 40] [--directory DIR]     (after `npm run build`)
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer } from '@upshot/server';
import { openChdbStore } from '@upshot/storage-clickhouse';
import { cellOf } from './fleet.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '4166' },
    /** That begin in a minute. */
    workflows: { type: 'string', default: '480' },
    times: { type: 'string', default: '40' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const [minutes, workflows, times] = [values.minutes, values.workflows, values.times].map(Number);

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model}, Node ${process.version}, load average ${loadavg()[0].toFixed(1)}`,
);
const directory = mkdtempSync(join(values.directory, 'upshot-bench-'));
try {
  const now = Math.floor(Date.now() / 60_000);
  const store = await openChdbStore({ directory });
  const began = performance.now();
  let tallies = 0;
  for (let minute = now - minutes; minute < now; minute += 10) {
    const cells = Array.from({ length: Math.min(10, now - minute) }, (_, at) =>
      cellOf(minute + at, workflows, 1n),
    );
    for (const cell of cells) tallies += cell.tallies.length;
    await store.writeTallies(cells);
  }
  const bytes = (await store.statistics()).bytes;
  await store.close();
  console.log(
    `${minutes.toLocaleString('en')} minutes, ${tallies.toLocaleString('en')} tallies of ${(minutes * workflows).toLocaleString('en')} workflows, made in ${((performance.now() - began) / 1000).toFixed(0)} s; ${(bytes / tallies).toFixed(0)} B a tally`,
  );
  const server = await startServer({
    store: { kind: 'embedded', directory },
    ...{ port: 0, otlpHttpPort: 0, otlpGrpcPort: 0 },
  });
  await ask(server.uiUrl);
  await server.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function ask(ui) {
  console.log(`${''.padEnd(34)} first ms   p50 ms   p99 ms`);
  for (const path of ['/api/topology', '/api/propagation'])
    for (const hours of [null, 1, 24, 48.5])
      await time(hours === null ? `${path}, all` : `${path}, ${hours} h`, async () => {
        const since =
          hours === null ? '' : `?since=${BigInt(Math.round(Date.now() - hours * 3.6e6)) * 1_000_000n}`;
        const response = await fetch(`${ui}${path}${since}`);
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
        const answer = await response.json();
        if ((answer.events ?? answer.hops).length === 0) throw new Error(`${path}${since} is empty`);
      });
}

async function time(what, run) {
  const walls = [];
  for (let i = 0; i <= times; i++) {
    const started = performance.now();
    await run();
    walls.push(performance.now() - started);
  }
  const [first, ...rest] = walls;
  rest.sort((a, b) => a - b);
  const at = (share) => rest[Math.min(rest.length - 1, Math.floor(rest.length * share))];
  console.log(what.padEnd(34), ...[first, at(0.5), at(0.99)].map((ms) => ms.toFixed(1).padStart(8)));
}
