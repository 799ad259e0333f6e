import type { Context, Span } from '@opentelemetry/api';
import { runIn } from '../context/scope.js';
import { recordError } from '../recordError.js';
import type { Headers } from '../wire/outgoingHeaders.js';

/** An event on its way out: who it is, the headers that hand its context on, and the span that ends once it is sent. */
export class Sending {
  private ended = false;

  constructor(
    readonly eventId: string,
    readonly eventName: string | null,
    readonly correlationId: string | null,
    readonly causationId: string | null,
    readonly traceId: string | null,
    readonly spanId: string | null,
    /** To be added to the message's own headers; ours win. */
    readonly headers: Headers,
    private readonly span: Span | null,
    private readonly context: Context | null,
  ) {}

  /** Runs the call that sends, in the context of this event's span. */
  run<Result>(send: () => Result): Result {
    return this.context === null ? send() : runIn(this.context, send);
  }

  /** What is known once the broker has answered: its message ID, a partition, an offset. */
  learn(attributes: Record<string, string | number | undefined>): void {
    try {
      for (const name in attributes) {
        const value = attributes[name];
        if (value !== undefined) this.span?.setAttribute(name, value);
      }
    } catch {
      // a span that is no span
    }
  }

  /** It is sent, or could not be. Later calls change nothing. */
  end(error?: unknown): void {
    if (this.ended) return;
    this.ended = true;
    try {
      if (error !== undefined && this.span !== null) recordError(this.span, error);
      this.span?.end();
    } catch {
      // a span that is no span
    }
  }
}
