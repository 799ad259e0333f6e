import { diag } from '@opentelemetry/api';
import type { Attempt, Reception, Upshot } from '@upshot/sdk';
import type { Queryable } from './clients.js';
import { type OutboxRow, rowsOf } from './OutboxRow.js';
import { POSTGRES, unobserved } from './POSTGRES.js';
import type { BatchRelayOptions, RelayOptions } from './RelayOptions.js';
import { RELAY, type Statements } from './Statements.js';

const ATTEMPTS = 10;
const BACK_OFF_MS = 1000;
const MOST_BACK_OFF_MS = 300_000;
const SIZE = 100;
const EVERY_MS = 250;
const LEASE_MS = 60_000;
/** UTF-16 units of an error that a row keeps: what a person reads of it. */
const MOST_ERROR = 2048;

type Options = (RelayOptions | BatchRelayOptions) & { readonly upshot: Upshot };

/** Takes rows of an outbox and hands them over, each as an attempt. Several relays of one consumer share its rows. */
export class Relay {
  private readonly state: 'waiting' | 'dead';
  private readonly consumer: string;
  /** Rows that are taken and not settled. */
  private readonly held = new Set<string>();
  private stopping = false;
  private running: Promise<void> | null = null;
  private wake: (() => void) | null = null;

  constructor(
    private readonly pool: Queryable,
    private readonly table: string,
    private readonly sql: Statements,
    private readonly options: Options,
  ) {
    this.state = options.rows ?? 'waiting';
    this.consumer = options.consumer ?? RELAY;
  }

  /** Looks for rows until it is stopped. */
  start(): this {
    this.stopping = false;
    this.running ??= this.loop();
    return this;
  }

  /** Takes no further rows, and waits for those that it has. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake?.();
    await this.running;
    this.running = null;
  }

  /**
   * Takes what is due, and handles it.
   *
   * @returns how many rows that were
   * @throws what the database says where no rows can be taken; never what a handler does
   */
  async runOnce(): Promise<number> {
    const { size = SIZE, leaseMs = LEASE_MS } = this.options;
    const { rows: raw } = await unobserved(() =>
      this.pool.query(this.sql.take(this.state), [this.consumer, leaseMs, size]),
    );
    const rows = rowsOf(raw);
    if (rows.length === 0) return 0;
    for (const { position } of rows) this.held.add(position);
    const prolong = () => {
      const values = [leaseMs, [...this.held], this.state];
      return unobserved(() => this.pool.query(this.sql.extend, values)).catch(this.tell);
    };
    const timer = setInterval(prolong, leaseMs / 3);
    try {
      if ('sendBatch' in this.options) await this.together(rows, this.options.sendBatch);
      else for (const row of rows) await this.alone(row, this.options.send);
    } finally {
      clearInterval(timer);
      this.held.clear();
    }
    return rows.length;
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      let taken = 0;
      try {
        taken = await this.runOnce();
      } catch (error) {
        this.tell(error);
      }
      if (taken === 0 && !this.stopping) await this.rest();
    }
  }

  private rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.options.everyMs ?? EVERY_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async alone(row: OutboxRow, send: RelayOptions['send']): Promise<void> {
    const attempt = this.options.upshot.begin(this.receptionOf(row));
    let failure: { error: unknown } | null = null;
    try {
      await attempt.run(() => send(row, attempt));
    } catch (error) {
      failure = { error };
    }
    await this.settle(row, attempt, failure);
  }

  private async together(
    rows: readonly OutboxRow[],
    sendBatch: BatchRelayOptions['sendBatch'],
  ): Promise<void> {
    const batch = this.options.upshot.beginBatch(rows.map((row) => this.receptionOf(row)));
    let failure: { error: unknown } | null = null;
    try {
      await batch.run(() => sendBatch(rows, batch.attempts));
    } catch (error) {
      failure = { error };
    }
    for (const [at, row] of rows.entries()) await this.settle(row, batch.attempts[at]!, failure);
    if (failure === null) batch.succeed();
    else batch.fail(failure.error, () => null);
  }

  /** What the handler has settled itself stands; the rest ends as the handler did. */
  private async settle(row: OutboxRow, attempt: Attempt, failure: { error: unknown } | null): Promise<void> {
    const failed = attempt.outcome === 'failed' || (attempt.outcome === null && failure !== null);
    const isLast = this.state === 'waiting' && row.attempt >= (this.options.attempts ?? ATTEMPTS);
    if (attempt.outcome === null) {
      if (failure === null) attempt.succeed();
      else attempt.fail(failure.error, isLast ? 'dead-letter' : this.state === 'waiting' ? 'retry' : null);
    }
    this.held.delete(row.position);
    const own = [row.position, row.attempt, this.state];
    try {
      if (!failed) await this.finish(own);
      else {
        const state = isLast ? 'dead' : this.state;
        const wait = isLast ? 0 : this.backOffMs(row);
        await unobserved(() =>
          this.pool.query(this.sql.fail, [...own, state, wait, textOfError(failure?.error)]),
        );
      }
    } catch (error) {
      // It comes again when its lease is over.
      this.tell(error);
    }
  }

  private finish(own: unknown[]): Promise<unknown> {
    return unobserved(() => {
      if (this.state === 'dead') return this.pool.query(this.sql.done, [...own, 'read']);
      return this.options.keep === true
        ? this.pool.query(this.sql.done, [...own, 'done'])
        : this.pool.query(this.sql.remove, own);
    });
  }

  private backOffMs(row: OutboxRow): number {
    const doubled = Math.min(BACK_OFF_MS * 2 ** (row.attempt - 1), MOST_BACK_OFF_MS);
    try {
      const wanted = this.options.backOffMs?.(row.attempt, row) ?? doubled;
      return Number.isFinite(wanted) && wanted >= 0 ? Math.round(wanted) : doubled;
    } catch (error) {
      this.tell(error);
      return doubled;
    }
  }

  private receptionOf(row: OutboxRow): Reception {
    const dead = this.state === 'dead';
    const { name = row.consumer } = this.options;
    return {
      transport: POSTGRES,
      headers: row.headers,
      event: row.event,
      messageId: row.eventId,
      destination: dead ? `${this.table}.dead` : this.table,
      consumer: dead ? `${name}.dead` : name,
      step: this.stepOf(row),
      attempt: dead ? undefined : row.attempt,
      relays: this.options.relays ?? this.consumer === RELAY,
      attributes: { 'upshot.outbox.position': row.position },
    };
  }

  private stepOf(row: OutboxRow): string | undefined {
    const { step } = this.options;
    if (typeof step !== 'function') return step;
    try {
      return step(row);
    } catch (error) {
      this.tell(error);
      return undefined;
    }
  }

  private readonly tell = (error: unknown): void => {
    try {
      if (this.options.onError !== undefined) this.options.onError(error);
      else diag.error(`outbox ${this.table}: ${textOfError(error)}`);
    } catch {
      // Nobody listens, and the relay goes on.
    }
  };
}

function textOfError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error ?? 'failed');
  // PostgreSQL's texts hold no NUL.
  return text.replaceAll('\0', '').slice(0, MOST_ERROR);
}
