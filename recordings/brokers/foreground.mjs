import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { killWithUs } from '../harness/kill-with-us.mjs';

const READY_WITHIN_MS = 60_000;
const KILL_AFTER_MS = 10_000;

/**
 * Starts a server as a child in the foreground, so that it ends with us and is stopped by its own pid.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ port: number, env?: Record<string, string>, cwd?: string }} options `port`: it is ready once this
 *   port of 127.0.0.1 accepts a connection. `env` replaces the environment.
 * @returns {Promise<{ pid: number, stop: () => Promise<void> }>}
 * @throws {Error} with the server's output if it ends, or is not ready within a minute
 */
export async function startForeground(command, args, { port, env, cwd }) {
  const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let ended;
  const exit = once(child, 'exit').then(([code, signal]) => {
    ended = signal ?? code;
  });
  const release = killWithUs(child);

  const stop = async () => {
    release();
    if (ended !== undefined) return;
    child.kill('SIGTERM');
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
    await sleep(100);
  }
  return { pid: child.pid, stop };
}

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
