import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { killWithUs } from './kill-with-us.mjs';

const SAYS_WITHIN_MS = 60_000;

/**
 * Starts one service of a scenario as its own process; it speaks the lines of service-protocol.mjs.
 *
 * @param {{ name: string, command: string, args: string[], env: Record<string, string> }} options
 * @returns {Promise<Service>} once it said `ready`
 *
 * @typedef {object} Service
 * @property {(what: string, times?: number) => Promise<object[]>} said waits until it said `what` that often in
 *   all, and gives what it said with it
 * @property {(command: object) => void} tell
 * @property {() => Promise<void>} stop lets it close and flush; throws if it ended badly
 */
export async function startService({ name, command, args, env }) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const heard = [];
  const waiting = new Set();
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const release = killWithUs(child);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const mark = line.indexOf('@said ');
    if (mark < 0) {
      output += `${line}\n`;
      return;
    }
    heard.push(JSON.parse(line.slice(mark + 6)));
    for (const check of waiting) check();
  });
  let ended;
  const exit = once(child, 'exit').then(([code, signal]) => {
    ended = signal ?? code;
    for (const check of waiting) check();
  });

  const said = (what, times = 1) =>
    new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        clearTimeout(timer);
        waiting.delete(check);
        settle(value);
      };
      const fail = (why) =>
        finish(
          reject,
          new Error(`${name} ${why} '${what}' ${times}×; said ${JSON.stringify(heard)}\n${output}`),
        );
      const check = () => {
        const matching = heard.filter((said) => said.what === what);
        if (matching.length >= times) finish(resolve, matching);
        else if (ended !== undefined) fail(`ended (${ended}) before it said`);
      };
      const timer = setTimeout(() => fail('did not say in time'), SAYS_WITHIN_MS);
      waiting.add(check);
      check();
    });
  const tell = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const stop = async () => {
    if (ended === undefined) {
      tell({ command: 'stop' });
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await exit;
      clearTimeout(timer);
    }
    release();
    if (process.env.RECORD_VERBOSE) process.stderr.write(`--- ${name}\n${output}\n`);
    if (ended !== 0) throw new Error(`${name} ended with ${ended}:\n${output}`);
  };
  await said('ready');
  return { said, tell, stop };
}
