import type { Attempt, Reception, Upshot } from '@upshot/sdk';
import { REDIS } from './REDIS.js';
import type { Fields, StreamOptions } from './StreamOptions.js';

/** Entries that were read and not acknowledged, of one client: more than a consumer has in its hands, and what becomes of the oldest is known by then. */
const MOST_OPEN = 10_000;

/** An entry that a group was given. */
export interface Entry {
  readonly stream: string;
  readonly group: string;
  readonly id: string;
  readonly fields: Fields;
  /** How often it was delivered, this time included; undefined where Redis was not asked, or did not answer. */
  readonly count: number | undefined;
}

/** One delivery of an entry. Its attempt begins when somebody asks for it: entries that were read together wait for each other. */
export class Delivery {
  private begun: Attempt | null = null;

  constructor(
    private readonly entry: Entry,
    private readonly upshot: Upshot,
    private readonly options: StreamOptions,
    /** Nobody will acknowledge it: it has succeeded when its handler has. */
    readonly endsItself: boolean,
  ) {}

  get attempt(): Attempt {
    this.begun ??= this.upshot.begin(receptionOf(this.entry, this.options));
    return this.begun;
  }

  /** It is delivered again, or its client has gone: what was begun has failed. What never began is no attempt. */
  drop(reason: string): void {
    if (this.begun === null || this.begun.outcome !== null) return;
    const error = new Error(reason);
    error.name = 'NotAcknowledged';
    error.stack = undefined;
    this.begun.fail(error, 'retry');
  }

  failed(error: unknown): void {
    const { attempts } = this.options;
    const isLast = attempts !== undefined && this.attempt.number !== null && this.attempt.number >= attempts;
    this.attempt.fail(error, isLast ? 'dead-letter' : 'retry');
  }
}

/** What was delivered to one client. */
export class Deliveries {
  private readonly open = new Map<string, Delivery>();

  constructor(
    private readonly upshot: Upshot,
    private readonly options: StreamOptions,
  ) {}

  add(entry: Entry, endsItself: boolean): Delivery {
    const delivery = new Delivery(entry, this.upshot, this.options, endsItself);
    if (endsItself) return delivery;
    const key = keyOf(entry);
    this.open.get(key)?.drop('it was delivered again before it was acknowledged');
    this.open.delete(key);
    this.open.set(key, delivery);
    if (this.open.size > MOST_OPEN) {
      const [oldest] = this.open;
      oldest![1].drop('it was not acknowledged');
      this.open.delete(oldest![0]);
    }
    return delivery;
  }

  acknowledge(stream: string, group: string, ids: readonly string[]): void {
    for (const id of ids) {
      const key = keyOf({ stream, group, id });
      this.open.get(key)?.attempt.succeed();
      this.open.delete(key);
    }
  }

  close(): void {
    for (const delivery of this.open.values())
      delivery.drop('the connection closed before it was acknowledged');
    this.open.clear();
  }
}

function keyOf({ stream, group, id }: Pick<Entry, 'stream' | 'group' | 'id'>): string {
  return JSON.stringify([stream, group, id]);
}

function receptionOf({ stream, group, id, fields, count }: Entry, options: StreamOptions): Reception {
  return {
    transport: REDIS,
    headers: fields,
    event: told(() => options.event?.(stream, fields)),
    consumer: options.consumer ?? group,
    step: stepOf(group, fields, options),
    destination: stream,
    placeName: stream,
    messageId: id,
    attempt: count,
    attributes: { 'messaging.consumer.group.name': group },
  };
}

function stepOf(group: string, fields: Fields, { step }: StreamOptions): string | undefined {
  if (typeof step === 'function') return told(() => step(group, fields));
  if (typeof step === 'string' || step === undefined) return step;
  return Object.hasOwn(step, group) ? step[group] : undefined;
}

/** The application's own function, which must not break the delivery of its entries. */
export function told(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
