import type { Context, Span } from '@opentelemetry/api';
import { runIn } from '../context/scope.js';
import { quietly } from '../quietly.js';
import { recordError } from '../recordError.js';
import type { Decision } from './Decision.js';

export type Outcome = 'succeeded' | 'failed' | 'skipped';

/** Who a message is, once its headers were read. */
export interface Handled {
  readonly eventId: string | null;
  readonly eventName: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly consumer: string;
  /** From 1; null where neither broker nor headers count. */
  readonly number: number | null;
}

/** What an attempt needs of its surroundings. */
export interface AttemptScope {
  readonly span: Span | null;
  readonly context: Context | null;
  /** False for a span of an official instrumentation, which ends it itself. */
  readonly endsSpan: boolean;
  /** Called once, before the span ends. */
  readonly settled: (outcome: Outcome, attempt: Attempt) => void;
}

/**
 * One try of one consumer to process one message. It is settled once: by `succeed`, `fail` or `skip`; later calls change nothing. None of
 * its methods throws, whatever it is given (but where conventions are set to `throw`).
 */
export class Attempt implements Handled {
  readonly eventId: string | null;
  readonly eventName: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly consumer: string;
  readonly number: number | null;
  #outcome: Outcome | null = null;
  readonly #scope: AttemptScope;

  constructor(handled: Handled, scope: AttemptScope) {
    this.eventId = handled.eventId;
    this.eventName = handled.eventName;
    this.correlationId = handled.correlationId;
    this.causationId = handled.causationId;
    this.consumer = handled.consumer;
    this.number = handled.number;
    this.#scope = scope;
  }

  /** Null while it runs. */
  get outcome(): Outcome | null {
    return this.#outcome;
  }

  /** The span of this attempt: what the application wants to note on it. Null where telemetry failed. */
  get span(): Span | null {
    return this.#scope.span;
  }

  /** The context of this attempt; null where telemetry failed. */
  get context(): Context | null {
    return this.#scope.context;
  }

  /** Runs something for this message: what it publishes has this message as its cause. */
  run<Result>(work: () => Result): Result {
    return this.#scope.context === null ? work() : runIn(this.#scope.context, work);
  }

  succeed(): void {
    this.#settle('succeeded', null);
  }

  /**
   * @param error whatever was thrown
   * @param decision what becomes of the message, where it is known
   */
  fail(error: unknown, decision: Decision = null): void {
    this.#settle('failed', (span) => {
      recordError(span, error);
      if (decision !== null) span.setAttribute('upshot.disposition', decision);
    });
  }

  /** It needs no work: a duplicate of what was done before, say. */
  skip(reason?: string): void {
    this.#settle('skipped', (span) => {
      if (reason !== undefined) span.setAttribute('upshot.skip.reason', String(reason).slice(0, 256));
    });
  }

  /** It is given up, and put aside by the handler itself or by the broker. */
  deadLetter(reason: unknown = 'dead-lettered by the handler'): void {
    this.fail(reason, 'dead-letter');
  }

  #settle(outcome: Outcome, note: ((span: Span) => void) | null): void {
    if (this.#outcome !== null) return;
    this.#outcome = outcome;
    const { span, endsSpan, settled } = this.#scope;
    if (span !== null) {
      quietly(() => span.setAttribute('upshot.outcome', outcome), undefined);
      // What can't be noted must not keep the span from its end: it would never be sent.
      quietly(() => note?.(span), undefined);
      if (endsSpan) quietly(() => span.end(), undefined);
    }
    settled(outcome, this);
  }
}
