import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Identities } from '@upshot/sdk';

const SERVICE = fileURLToPath(new URL('service/service.mjs', import.meta.url));
const ANSWERS_WITHIN_MS = 60_000;

/** What a service says of a message that its handler was given. */
export interface Handling {
  readonly consumer: string;
  readonly message: string;
  readonly ids: Identities;
}

interface Answer {
  readonly id?: number;
  readonly ok?: boolean;
  readonly error?: string;
  readonly said?: 'ready' | 'handled';
}

/** A service in a process of its own: by default one of the cases. See service/obey.mjs for how it is spoken to. */
export class ServiceProcess {
  readonly handled: Handling[] = [];
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private readonly watchers = new Set<() => void>();
  private output = '';
  private next = 1;
  private ended: string | null = null;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    const keep = (text: string) => {
      this.output = `${this.output}${text}\n`.slice(-10_000);
    };
    createInterface({ input: child.stderr! }).on('line', keep);
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const at = line.indexOf('@said ');
      if (at < 0) keep(line);
      else this.hear(JSON.parse(line.slice(at + 6)));
    });
    child.once('exit', (code, signal) => {
      this.ended = String(signal ?? code);
      for (const answer of this.waiting.values())
        answer({ ok: false, error: `the service ended (${this.ended})\n${this.output}` });
    });
  }

  static async start(
    name: string,
    env: Readonly<Record<string, string>>,
    script = SERVICE,
  ): Promise<ServiceProcess> {
    const child = spawn(process.execPath, [script], {
      env: { ...process.env, ...env, SERVICE: name, NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const service = new ServiceProcess(name, child);
    await service.answer(0, 'start');
    return service;
  }

  /** @throws Error with what the service says of it */
  async do(what: string, details: object = {}): Promise<void> {
    const id = this.next++;
    this.child.stdin!.write(`${JSON.stringify({ id, do: what, ...details })}\n`);
    await this.answer(id, what);
  }

  /** What was handled of one message, once that is `times` times. */
  async hasHandled(consumer: string, message: string, times = 1): Promise<readonly Handling[]> {
    const deadline = Date.now() + ANSWERS_WITHIN_MS;
    for (;;) {
      const found = this.handled.filter((one) => one.consumer === consumer && one.message === message);
      if (found.length >= times) return found;
      const left = deadline - Date.now();
      if (left <= 0 || this.ended !== null)
        throw new Error(
          `${this.name}: ${consumer} handled ${message} ${found.length}×, not ${times}×\n${this.output}`,
        );
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.watchers.delete(done);
          resolve();
        };
        const timer = setTimeout(done, left);
        this.watchers.add(done);
      });
    }
  }

  async stop(): Promise<void> {
    if (this.ended !== null) return;
    const exit = once(this.child, 'exit');
    this.child.stdin!.write('{"do":"stop"}\n');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 15_000);
    await exit;
    clearTimeout(timer);
  }

  private hear(line: Answer): void {
    if (line.said === 'handled') {
      this.handled.push(line as unknown as Handling);
      for (const watch of this.watchers) watch();
    } else
      this.waiting.get(line.said === 'ready' ? 0 : (line.id ?? -1))?.(
        line.said === 'ready' ? { ok: true } : line,
      );
  }

  private answer(id: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.name} did not answer to ${what}\n${this.output}`)),
        ANSWERS_WITHIN_MS,
      );
      this.waiting.set(id, ({ ok, error }) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        if (ok === true) resolve();
        else reject(new Error(`${this.name}, ${what}: ${error}\n${this.output}`));
      });
    });
  }
}
