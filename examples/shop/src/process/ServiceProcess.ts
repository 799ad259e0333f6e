import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '../services/readers.js';
import type { Command, Outcome, Said } from './messages.js';

/** The built one, from wherever this is read: a process of its own runs no TypeScript. */
const MAIN = fileURLToPath(new URL('../../dist/process/main.js', import.meta.url));
const STARTS_WITHIN_MS = 60_000;
/** More than a service gives itself. */
const STOPS_WITHIN_MS = 5_000;

/** A service that runs. */
export class ServiceProcess {
  private readonly exit: Promise<unknown>;
  private readonly waiting = new Map<number, (outcome: Outcome) => void>();
  private next = 1;
  /** Where it listens to the world; null for services that don't. */
  url: string | null = null;
  private isStopping = false;

  private constructor(
    readonly name: ServiceName,
    private readonly child: ChildProcess,
    log: (line: string) => void,
  ) {
    this.exit = once(child, 'exit').then(([code, signal]) => {
      if (!this.isStopping) log(`${name} ended by itself (${signal ?? code})`);
      for (const done of this.waiting.values()) done({ error: `${name} ended` });
      this.waiting.clear();
    });
    for (const stream of [child.stdout!, child.stderr!])
      createInterface({ input: stream }).on('line', (line) => log(`${name}: ${line}`));
  }

  /** @throws Error with the reason where it does not come up */
  static async start(
    name: ServiceName,
    env: Readonly<Record<string, string>>,
    log: (line: string) => void,
  ): Promise<ServiceProcess> {
    const said: string[] = [];
    const child = fork(MAIN, [], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Of the parent: a debugger's port, a test's loader.
      execArgv: [],
    });
    const service = new ServiceProcess(name, child, (line) => {
      said.push(line);
      log(line);
    });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`${name} was not ready within ${STARTS_WITHIN_MS / 1000} s`));
      }, STARTS_WITHIN_MS);
      child.on('message', (message: Said) => {
        if ('ready' in message) {
          clearTimeout(timer);
          service.url = message.url;
          resolve();
        } else if ('done' in message) service.waiting.get(message.done)?.(message);
      });
      child.once('error', reject);
      child.once('exit', () => {
        clearTimeout(timer);
        reject(new Error(`${name} did not start: ${said.slice(-12).join('\n')}`));
      });
    });
    return service;
  }

  /** Resolves once they are in force. */
  async setFaults(faults: readonly string[]): Promise<void> {
    await this.ask((id) => ({ id, faults }));
  }

  /**
   * Has its dead letters sent to it again; resolves with how many those were.
   * @throws Error where its transport has none, or does not let go of them
   */
  async replay(): Promise<number> {
    const { replayed = 0, error } = await this.ask((id) => ({ id, replay: true }));
    if (error !== undefined) throw new Error(error);
    return replayed;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.tell({ id: 0, stop: true });
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOPS_WITHIN_MS);
    await this.exit;
    clearTimeout(timer);
  }

  private async ask(command: (id: number) => Command): Promise<Outcome> {
    const id = this.next++;
    if (!this.child.connected) return { error: `${this.name} has ended` };
    return new Promise((resolve) => {
      this.waiting.set(id, (outcome) => {
        this.waiting.delete(id);
        resolve(outcome);
      });
      this.tell(command(id));
    });
  }

  private tell(command: Command): void {
    // A process that is gone hears nothing any more.
    if (this.child.connected) this.child.send(command, () => {});
  }
}
