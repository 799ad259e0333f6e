import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 90_000;
const KILL_AFTER_MS = 15_000;
/** What is kept of a server's output, to be told if it does not come up. */
const MOST_OUTPUT = 20_000;

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A server that was started. */
export interface Foreground {
  readonly pid: number;
  /** Ends it in order; by force if it takes too long. */
  stop(): Promise<void>;
}

export interface ForegroundOptions {
  /** It is ready once this port of 127.0.0.1 accepts a connection. */
  readonly port: number;
  /** Replaces the environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** By default SIGTERM. */
  readonly stopBy?: NodeJS.Signals;
}

/**
 * Starts a server as a child in the foreground, so that it ends with us and is stopped by its own pid.
 * @throws Error with the server's output if it ends, or is not ready in time
 */
export async function startForeground(
  command: string,
  args: readonly string[],
  { port, env, stopBy = 'SIGTERM' }: ForegroundOptions,
): Promise<Foreground> {
  const child = spawn(command, args, {
    env: env ?? process.env,
    // What a broker leaves where it stands when it is killed (Mnesia's dumps) is not to lie in somebody's project.
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-MOST_OUTPUT);
    });
  }
  let ended: string | number | null = null;
  const exit = new Promise<void>((resolve) => {
    const end = (why: string | number) => {
      ended ??= why;
      children.delete(child);
      resolve();
    };
    child.once('error', ({ message }) => end(message));
    child.once('exit', (code, signal) => end(signal ?? code ?? 0));
  });
  const stop = async () => {
    if (ended !== null) return;
    child.kill(stopBy);
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    await exit;
    clearTimeout(timer);
  };
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await accepts(port))) {
    if (ended !== null) throw new Error(`${command} ended (${ended}) before it was ready:\n${output}`);
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`${command} was not ready within ${READY_WITHIN_MS} ms:\n${output}`);
    }
    await sleep(50);
  }
  return { pid: child.pid ?? 0, stop };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A TCP port of 127.0.0.1 that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
