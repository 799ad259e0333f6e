import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const BENCH = fileURLToPath(new URL('../../bench/day/run.mjs', import.meta.url));

interface Verdict {
  readonly faults: readonly string[];
  readonly sent: number;
  readonly fewestSpans: number;
  readonly mostStoreBytes: number;
  readonly linesLogged: number;
}

/**
 * A day from one evening to the next by a clock that is set ahead, with a retention of four hours, so that yesterday is dropped on the way. The bench of the same
 * name goes on for days, and its caches come to their bounds; here they fill still, which is a tenth or so.
 */
it('a day of traffic that changes all the time: memory stays flat, what is old goes, and every answer is right', async () => {
  const options = ['--hours', '24', '--step', '60', '--spans', '2500', '--retention', '4', '--growth', '20'];
  const child = spawn(process.execPath, [BENCH, ...options, '--retention-size', '1000'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      printed += part;
    });
  const code = await new Promise((resolve) => child.once('close', resolve));
  const { faults, sent, fewestSpans, linesLogged } = JSON.parse(
    printed.trim().split('\n').at(-1)!,
  ) as Verdict;
  expect(faults, printed).toEqual([]);
  expect(code).toBe(0);
  // A day of six hours was dropped, and nothing went wrong that a log would tell.
  expect(fewestSpans).toBeLessThan(sent * 0.5);
  expect(linesLogged).toBe(0);
}, 600_000);
