import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A script beside this file in a process of its own, over the built packages (`npm run build`). Killed after the test at the latest. */
export class Child {
  /** Lines of standard output up to now. */
  readonly lines: string[] = [];
  errors = '';
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  private readonly process: ChildProcess;
  private rest = '';
  private told: () => void = () => undefined;

  constructor(script: string, ...args: readonly string[]) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const env = { ...process.env };
    delete env.NODE_OPTIONS;
    const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      const lines = (this.rest + part).split('\n');
      this.rest = lines.pop()!;
      this.lines.push(...lines);
      this.told();
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      this.errors += part;
    });
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        resolve({ code, signal });
        this.told();
      });
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
  }

  /** Resolves when `count` lines were printed; rejects where the process ends before. */
  async printed(count: number): Promise<void> {
    while (this.lines.length < count) {
      if (this.process.exitCode !== null || this.process.signalCode !== null)
        throw new Error(`ended after ${this.lines.length} lines: ${this.errors}`);
      await new Promise<void>((resolve) => {
        this.told = resolve;
      });
    }
  }

  get pid(): number {
    return this.process.pid!;
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }
}
