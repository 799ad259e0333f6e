import { type Context, type Span, SpanKind, trace } from '@opentelemetry/api';
import { activeContext, runIn, withWork } from '../context/scope.js';
import { quietly } from '../quietly.js';
import type { Runtime } from '../Runtime.js';
import { recordError } from '../recordError.js';
import type { Attempt } from './Attempt.js';
import { openAttempt } from './openAttempt.js';
import type { Reception } from './Reception.js';
import { broughtBy } from './surroundings.js';

/**
 * Messages that came together: one `receive` span, and below it one attempt each, which links to where its message came from. What is
 * published within `attempt.run` follows from that message; what is published beside it follows from all, and Upshot says that it can't tell.
 */
export class Batch {
  readonly attempts: readonly Attempt[];
  private readonly span: Span | null;
  private readonly context: Context | null;

  constructor(receptions: readonly Reception[], runtime: Runtime) {
    const { span, context } = receptions.length === 0 ? NONE : quietly(() => open(receptions, runtime), NONE);
    this.span = span;
    this.attempts = receptions.map((one) => openAttempt(one, runtime, context === null ? null : { context }));
    const [first] = this.attempts;
    const shared = (value: (attempt: Attempt) => string | null): string | null =>
      first !== undefined && this.attempts.every((one) => value(one) === value(first)) ? value(first) : null;
    this.context =
      context === null
        ? null
        : withWork(context, {
            eventId: this.attempts.length === 1 ? (first?.eventId ?? null) : null,
            eventName: null,
            correlationId: shared(({ correlationId }) => correlationId),
            causationId: null,
            consumer: first?.consumer ?? null,
            attempt: null,
            place: null,
            seen: { step: null },
          });
  }

  run<Result>(work: () => Result): Result {
    return this.context === null ? work() : runIn(this.context, work);
  }

  /** Whatever has not been settled has succeeded. */
  succeed(): void {
    for (const attempt of this.attempts) attempt.succeed();
    quietly(() => this.span?.end(), undefined);
  }

  /** Whatever has not been settled has failed, for the batch comes again as a whole. */
  fail(
    error: unknown,
    decide: (attempt: Attempt, reception: number) => 'retry' | 'dead-letter' | null,
  ): void {
    this.attempts.forEach((attempt, at) => {
      if (attempt.outcome === null) attempt.fail(error, decide(attempt, at));
    });
    quietly(() => {
      if (this.span !== null) recordError(this.span, error);
      this.span?.end();
    }, undefined);
  }
}

interface Opened {
  readonly span: Span | null;
  readonly context: Context | null;
}

const NONE: Opened = { span: null, context: null };

function open(receptions: readonly Reception[], { tracer }: Runtime): Opened {
  const first = receptions[0];
  const around = broughtBy(activeContext());
  const span = tracer.startSpan(
    `receive ${first?.destination ?? 'events'}`,
    {
      kind: SpanKind.CLIENT,
      attributes: {
        'messaging.operation.type': 'receive',
        'messaging.operation.name': 'receive',
        'messaging.batch.message_count': receptions.length,
        ...(first?.transport === undefined ? {} : { 'messaging.system.name': first.transport.system }),
        ...(first?.destination === undefined ? {} : { 'messaging.destination.name': first.destination }),
      },
    },
    around,
  );
  return { span, context: trace.setSpan(around, span) };
}
