import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs } from '../retries.js';
import type { DeadLetters } from './DeadLetters.js';
import type { Outbox, Row } from './Outbox.js';
import { type Answer, post } from './post.js';

const AWAY_MS = 250;
export const ATTEMPT_HEADER = 'x-shop-attempt';

export interface RelayOptions {
  readonly outbox: Outbox;
  readonly socketOf: (consumer: string) => string;
  /** Where events that were given up are put. */
  readonly deadLetters: DeadLetters;
}

/** Brings the rows of an outbox to their consumers, each until it is taken or given up. */
export class Relay {
  private isClosed = false;

  constructor(private readonly options: RelayOptions) {}

  bring(rows: readonly Row[]): void {
    for (const row of rows) {
      void this.deliver(row).catch((error: unknown) => {
        // The outbox is closed then, and has the row still.
        if (!this.isClosed) throw error;
      });
    }
  }

  /** What is not delivered by then stays in the outbox. */
  close(): void {
    this.isClosed = true;
  }

  private async deliver(row: Row): Promise<void> {
    const { outbox, socketOf, deadLetters } = this.options;
    let answer: Answer = 'away';
    for (let attempt = 1; !this.isClosed; ) {
      const headers = { ...row.headers, [ATTEMPT_HEADER]: String(attempt) };
      answer = await post(socketOf(row.consumer), `/${row.topic}`, headers, row.body);
      if (answer === 'taken' || answer === 'given-up') break;
      if (answer === 'failed') attempt++;
      // Nobody was there, so nobody has tried.
      const wait = answer === 'away' ? AWAY_MS : backOffMs(attempt - 1);
      await sleep(wait, undefined, { ref: false });
    }
    if (answer === 'given-up') await deadLetters.add(row);
    if ((answer === 'taken' || answer === 'given-up') && !this.isClosed) await outbox.settle(row);
  }
}
