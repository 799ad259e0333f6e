/**
 * `npm start [-- options of upshot demo]`: installs and builds what is missing, starts Upshot and a shop in which some things go wrong, prints the
 * address and what to look at, and serves until it is told to stop.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup/setUp.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

setUp();

const options = process.argv.slice(2);
const isStored =
  options.some((option) => /^--store(=|$)/.test(option)) || process.env.UPSHOT_STORE !== undefined;
const demo = spawn(
  process.execPath,
  [
    join(ROOT, 'packages/cli/bin/upshot.js'),
    'demo',
    ...(isStored ? [] : ['--store', join(ROOT, '.upshot')]),
    ...options,
  ],
  // A group of its own: Ctrl-C would reach it twice otherwise, from the terminal and from here, and twice means at once.
  { stdio: ['ignore', 'inherit', 'inherit'], detached: true },
);
// This process ends with the demo, once that has drained.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => demo.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
}
demo.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
