import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Foreground } from './foreground.js';

/** How one kind of broker is started. */
export interface Kind {
  /** Why it can't be started here, and what to install; null where it can. */
  missing(): string | null;
  /** Makes its configuration in a fresh folder, and what must run beside it. */
  prepare(folder: string): Promise<Prepared>;
}

export interface Prepared {
  /** What clients connect to; the same after a restart. */
  readonly url: string;
  /** May be called again after a stop, and finds the data of before. */
  start(): Promise<Foreground>;
  /** Ends what runs beside it. */
  stop?(): Promise<void>;
}

/** A real broker on a free port, with its data in a folder of its own. */
export class Broker {
  private running: Foreground | null = null;

  private constructor(
    private readonly prepared: Prepared,
    private readonly folder: string,
  ) {}

  /**
   * Resolves once it accepts connections.
   * @throws Error with what is missing, or with the server's output; nothing is left running
   */
  static async start(kind: Kind): Promise<Broker> {
    const why = kind.missing();
    if (why !== null) throw new Error(why);
    const folder = await mkdtemp(join(tmpdir(), 'upshot-broker-'));
    let broker: Broker | null = null;
    try {
      broker = new Broker(await kind.prepare(folder), folder);
      await broker.start();
      return broker;
    } catch (error) {
      if (broker === null) await rm(folder, { recursive: true, force: true });
      else await broker.close();
      throw error;
    }
  }

  /** What clients connect to. */
  get url(): string {
    return this.prepared.url;
  }

  /** Resolves once it accepts connections. */
  async start(): Promise<void> {
    this.running ??= await this.prepared.start();
  }

  async stop(): Promise<void> {
    const { running } = this;
    this.running = null;
    await running?.stop();
  }

  /** Stops it in order and starts it again, with what it has on disk. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Stops it for good and removes its data. */
  async close(): Promise<void> {
    await this.stop();
    await this.prepared.stop?.();
    await rm(this.folder, { recursive: true, force: true });
  }
}
