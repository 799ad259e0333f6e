import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 90_000;
const KILL_AFTER_MS = 15_000;
/** What is kept of a server's output, to be told if it does not come up. */
const MOST_OUTPUT = 20_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/**
 * A server that was started.
 * @typedef {object} Foreground
 * @property {number} pid
 * @property {() => Promise<void>} stop ends it in order; by force if it takes too long
 */

/**
 * Starts a server as a child in the foreground, so that it ends with us and is stopped by its own pid.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} options
 * @param {number} options.port it is ready once this port of 127.0.0.1 accepts a connection
 * @param {NodeJS.ProcessEnv} [options.env] replaces the environment
 * @param {NodeJS.Signals} [options.stopBy] by default SIGTERM
 * @returns {Promise<Foreground>}
 * @throws {Error} with the server's output if it ends, or is not ready in time
 */
export async function startForeground(command, args, { port, env, stopBy = 'SIGTERM' }) {
  const child = spawn(command, args, { env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-MOST_OUTPUT);
    });
  }
  /** @type {unknown} */
  let ended;
  const exit = Promise.race([once(child, 'exit'), once(child, 'error')]).then(([why, signal]) => {
    ended = why instanceof Error ? why.message : (signal ?? why);
    children.delete(child);
  });
  const stop = async () => {
    if (ended !== undefined) return;
    child.kill(stopBy);
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    await exit;
    clearTimeout(timer);
  };
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await accepts(port))) {
    if (ended !== undefined) throw new Error(`${command} ended (${ended}) before it was ready:\n${output}`);
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`${command} was not ready within ${READY_WITHIN_MS} ms:\n${output}`);
    }
    await sleep(50);
  }
  return { pid: child.pid ?? 0, stop };
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * A TCP port of 127.0.0.1 that nobody listens on now.
 * @returns {Promise<number>}
 */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
