// What the embedded store costs and how fast it answers, at several sizes, each in a process of its own.
//   node bench/store/run.mjs [--spans 1000000,10000000] [--directory DIR]     (after `npm run build`; run it with `nice`)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    spans: { type: 'string', default: '1000000,10000000' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const measure = new URL('measure.mjs', import.meta.url).pathname;

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, ${process.platform}`,
);
for (const spans of values.spans.split(',')) {
  const directory = mkdtempSync(join(values.directory, 'upshot-bench-'));
  const { status } = spawnSync(process.execPath, [measure, directory, spans], { stdio: 'inherit' });
  rmSync(directory, { recursive: true, force: true });
  if (status !== 0) process.exit(status ?? 1);
}
