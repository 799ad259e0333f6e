/**
 * `npm start [-- options of upshot serve]`: installs and builds what is missing, starts Upshot, feeds it the recordings of this repository with
 * their times moved to now, prints the address and one workflow, and serves until it is told to stop.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup/setUp.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const UPSHOT = join(ROOT, 'packages/cli/bin/upshot.js');
const READY = /^upshot ready ui=(\S+) otlp-http=(\S+) otlp-grpc=(\S+) store=(.*)$/;

setUp();

const options = process.argv.slice(2);
const isStored =
  options.some((option) => /^--store(=|$)/.test(option)) || process.env.UPSHOT_STORE !== undefined;
const serve = spawn(
  process.execPath,
  [UPSHOT, 'serve', ...(isStored ? [] : ['--store', join(ROOT, '.upshot')]), ...options],
  // A group of its own: Ctrl-C would reach it twice otherwise, from the terminal and from here, and twice means at once.
  { stdio: ['ignore', 'pipe', 'inherit'], detached: true },
);
// This process ends with the server, once that has drained.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => serve.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
}
serve.on('exit', (code) => {
  process.exitCode = code ?? 1;
});

for await (const line of createInterface({ input: serve.stdout })) {
  const [, ui = '', otlpHttp = '', otlpGrpc = '', store = ''] = READY.exec(line) ?? [];
  if (ui !== '') await welcome({ ui, otlpHttp, otlpGrpc, store });
  else console.log(line);
}

/** @param {{ ui: string, otlpHttp: string, otlpGrpc: string, store: string }} ready */
async function welcome({ ui, otlpHttp, otlpGrpc, store }) {
  const env = { ...process.env, UPSHOT_URL: ui, UPSHOT_OTLP_URL: otlpHttp };
  if ((await keysOf(env, [])).length > 0) {
    console.log(`The store in ${store} has workflows of its own: the recordings were not fed to it again.\n`);
  } else {
    await upshot(env, ['import', '--shift-to-now', ...recordings()]);
    console.log();
  }
  const [key] = [...(await keysOf(env, ['--status', 'failed'])), ...(await keysOf(env, []))];
  if (key !== undefined) {
    console.log(`$ upshot show ${key}\n`);
    await upshot(env, ['show', key]);
  }
  console.log(`
Upshot answers at ${ui}, and keeps what it is told in ${store}.
  telemetry   OTEL_EXPORTER_OTLP_ENDPOINT=${otlpHttp}   (gRPC: ${otlpGrpc})
  questions   npx upshot find · npx upshot show KEY · ${ui}/api/workflows
Ctrl-C ends it.`);
}

/** @returns {string[]} */
function recordings() {
  const folder = join(ROOT, 'recordings');
  return readdirSync(folder)
    .map((name) => join(folder, name, 'traces.otlp.json'))
    .filter((file) => existsSync(file));
}

/**
 * Keys of the newest workflows.
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} filters
 * @returns {Promise<string[]>}
 */
async function keysOf(env, filters) {
  const answer = await upshot(env, ['find', '--json', '--limit', '1', ...filters], 'read');
  const pages = answer.split('\n').filter((line) => line !== '');
  return pages.flatMap((page) =>
    JSON.parse(page).workflows.map((/** @type {{ key: string }} */ { key }) => key),
  );
}

/**
 * Runs the command line of this repository.
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args
 * @param {'show' | 'read'} output
 * @returns {Promise<string>} standard output, where it is read
 */
function upshot(env, args, output = 'show') {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [UPSHOT, ...args], {
      env,
      stdio: ['ignore', output === 'read' ? 'pipe' : 'inherit', 'inherit'],
    });
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ part) => {
      text += part;
    });
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
}
