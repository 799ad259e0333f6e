import { Upshot, type UpshotOptions } from '@upshot/sdk';

/** What a running SDK has to send, and how it fares. */
export interface Outgoing {
  flush(withinMs: number): Promise<void>;
  shutdown(withinMs: number): Promise<void>;
  pending(): number;
  losses(): { readonly spans: number; readonly records: number };
}

/** The SDK with its own way to Upshot. */
export class RunningUpshot extends Upshot {
  constructor(
    options: UpshotOptions,
    private readonly outgoing: Outgoing,
  ) {
    super(options);
  }

  /** Sends what waits; resolves when that is done, or after `withinMs`. Never rejects. */
  flush(withinMs = 10_000): Promise<void> {
    return this.outgoing.flush(withinMs);
  }

  /** Sends what waits and stops; what is still there after `withinMs` is counted as lost. Never rejects. */
  shutdown(withinMs = 5000): Promise<void> {
    return this.outgoing.shutdown(withinMs);
  }

  /** Spans and records that wait to be sent. */
  get pending(): number {
    return this.outgoing.pending();
  }

  /** Spans and records that could not be sent. */
  get losses(): { readonly spans: number; readonly records: number } {
    return this.outgoing.losses();
  }
}
