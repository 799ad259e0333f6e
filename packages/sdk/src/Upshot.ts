import { SpanKind, trace } from '@opentelemetry/api';
import { activeContext, runIn, withWork, workIn } from './context/scope.js';
import type { EventRecord } from './EventRecord.js';
import { follow } from './follow.js';
import type { Attempt } from './process/Attempt.js';
import { Batch } from './process/Batch.js';
import { openAttempt } from './process/openAttempt.js';
import type { Reception } from './process/Reception.js';
import { validContext } from './process/surroundings.js';
import { openSending } from './publish/openSending.js';
import type { Publication } from './publish/Publication.js';
import type { Sending } from './publish/Sending.js';
import { quietly } from './quietly.js';
import { type Runtime, runtimeOf } from './Runtime.js';
import { recordError } from './recordError.js';
import type { UpshotOptions } from './UpshotOptions.js';
import { withBaggage } from './wire/baggage.js';
import { incomingOf } from './wire/incomingOf.js';
import { type Headers, outgoingHeaders } from './wire/outgoingHeaders.js';
import { ANY_TRANSPORT, type Transport } from './wire/Transport.js';
import { MOST_ID, textOf } from './wire/texts.js';

/** The five identities of what runs here; none stands in for another. Null where there is none. */
export interface Identities {
  /** The event that is being handled. */
  readonly eventId: string | null;
  readonly traceId: string | null;
  /** The business workflow. */
  readonly correlationId: string | null;
  readonly spanId: string | null;
  /** The event that caused the one being handled. */
  readonly causationId: string | null;
}

/**
 * Carries causality through a service: who publishes, who processes, as part of which workflow. No method throws, waits or changes an order
 * on account of telemetry; errors of the application pass through unchanged.
 */
export class Upshot {
  private runtime: Runtime;

  constructor(options: UpshotOptions = {}) {
    this.runtime = runtimeOf(options);
  }

  /**
   * Replaces all options.
   * @throws TypeError where the conventions are none
   */
  configure(options: UpshotOptions): void {
    this.runtime = runtimeOf(options);
  }

  /** `service.name`; "" where nobody named it. */
  get service(): string {
    return this.runtime.service;
  }

  /**
   * Publishes an event. `send` gets what to add to the message's headers, and its result is returned as it is; the span covers it.
   * Without `send`, the event counts as sent at once, and its headers are returned.
   */
  publish(publication: Publication): Sending;
  publish<Result>(publication: Publication, send: (sending: Sending) => Result): Result;
  publish<Result>(publication: Publication, send?: (sending: Sending) => Result): Result | Sending {
    const sending = this.open(publication);
    if (send === undefined) {
      sending.end();
      return sending;
    }
    return follow(
      () => sending.run(() => send(sending)),
      () => sending.end(),
      (error) => sending.end(error ?? new Error('rejected')),
    );
  }

  /** Begins to publish an event, for adapters of libraries that say by a callback when it is sent: `run` the call, then `end`. */
  open(publication: Publication): Sending {
    return openSending(publication, this.runtime);
  }

  /**
   * Processes one message as an attempt of its consumer. The handler's result is returned as it is; where it throws, the attempt has
   * failed, and the error goes on to the caller.
   */
  process<Result>(reception: Reception, handler: (attempt: Attempt) => Result): Result {
    const attempt = this.begin(reception);
    return follow(
      () => attempt.run(() => handler(attempt)),
      () => attempt.succeed(),
      (error) => failQuietly(attempt, error, reception),
    );
  }

  /** Begins an attempt, for adapters of libraries in which an acknowledgement settles it: `run` the handler, then `succeed`, `fail` or `skip`. */
  begin(reception: Reception): Attempt {
    return openAttempt(reception, this.runtime);
  }

  /**
   * Processes messages that came together, one attempt each. Within `attempts[n].run(…)`, or with `publish({ cause: attempts[n] })`, what is published
   * follows from that message. Attempts that the handler has not settled end as it ends.
   */
  processBatch<Result>(
    receptions: readonly Reception[],
    handler: (attempts: readonly Attempt[]) => Result,
  ): Result {
    const batch = this.beginBatch(receptions);
    return follow(
      () => batch.run(() => handler(batch.attempts)),
      () => batch.succeed(),
      (error) =>
        quietly(
          () => batch.fail(error, (attempt, at) => receptions[at]?.decide?.(error, attempt) ?? null),
          undefined,
        ),
    );
  }

  /** Begins a batch, for adapters: `run` the handler, settle what it tells of single messages, then `succeed` or `fail` the rest. */
  beginBatch(receptions: readonly Reception[]): Batch {
    return new Batch(receptions, this.runtime);
  }

  /** A piece of business work within what runs here: a span of this name, whose errors are noted and go on. */
  step<Result>(name: string, work: () => Result): Result {
    const opened = quietly(() => {
      const active = activeContext();
      const current = workIn(active);
      if (current !== null) current.seen.step ??= name;
      const correlationId = current?.correlationId ?? null;
      const span = this.runtime.tracer.startSpan(
        name,
        {
          kind: SpanKind.INTERNAL,
          attributes: {
            'upshot.step': name,
            ...(correlationId === null ? {} : { 'upshot.correlation_id': correlationId }),
          },
        },
        active,
      );
      return { span, context: trace.setSpan(active, span) };
    }, null);
    if (opened === null) return work();
    const { span, context } = opened;
    return follow(
      () => runIn(context, work),
      () => quietly(() => span.end(), undefined),
      (error) =>
        quietly(() => {
          recordError(span, error);
          span.end();
        }, undefined),
    );
  }

  /**
   * Where a workflow begins (an HTTP entry, a timer): everything in `work` belongs to `correlationId`, an ID with a business meaning
   * (`order_441`). A span that runs already, of an HTTP server or of an event that came without a
   * workflow, says so; else one of the given name begins.
   */
  workflow<Result>(correlationId: string, work: () => Result, { name = 'begin-workflow' } = {}): Result {
    const opened = quietly(() => {
      const active = activeContext();
      const id = textOf(correlationId, MOST_ID);
      if (id === null)
        throw new TypeError(`a correlation ID must be a text of at most ${MOST_ID} characters`);
      const before = workIn(active);
      const around = trace.getSpan(active);
      // What handles an event belongs to that event's workflow: another one begins below it. Where the event came without one, its handler says which it is.
      const joins = around?.isRecording() === true && (before?.correlationId ?? null) === null;
      if (joins) around.setAttribute('upshot.correlation_id', id);
      const span = joins
        ? null
        : this.runtime.tracer.startSpan(name, { attributes: { 'upshot.correlation_id': id } }, active);
      const work = { ...(before ?? NO_WORK), correlationId: id, seen: { step: null } };
      return { span, context: withWork(span === null ? active : trace.setSpan(active, span), work) };
    }, null);
    if (opened === null) return work();
    const { span, context } = opened;
    return follow(
      () => runIn(context, work),
      () => quietly(() => span?.end(), undefined),
      (error) =>
        quietly(() => {
          if (span !== null) recordError(span, error);
          span?.end();
        }, undefined),
    );
  }

  /** Sends a record of what no span here can tell: for adapters that hear from the broker itself. Without `records` nothing is sent. */
  record(record: EventRecord): void {
    quietly(() => this.runtime.records?.(record), undefined);
  }

  /** The IDs of what runs here. */
  current(): Identities {
    const active = quietly(activeContext, null);
    const work = active === null ? null : workIn(active);
    const span = active === null ? null : validContext(active);
    return {
      eventId: work?.eventId ?? null,
      traceId: span?.traceId ?? null,
      correlationId: work?.correlationId ?? null,
      spanId: span?.spanId ?? null,
      causationId: work?.causationId ?? null,
    };
  }

  /** What runs here, as headers to hand over to where no context goes by itself: a worker thread, a row of a table, a payload. */
  capture(transport: Transport = HANDED_OVER): Headers {
    return quietly(() => {
      const active = activeContext();
      const work = workIn(active) ?? NO_WORK;
      return outgoingHeaders(
        work,
        validContext(active),
        active,
        this.service || 'unknown',
        transport,
        undefined,
      );
    }, {});
  }

  /** Goes on with what was captured, from any family of headers: no span, no attempt, the same event and the same workflow. */
  resume<Result>(carrier: unknown, work: () => Result): Result {
    const context = quietly(() => {
      const incoming = incomingOf(carrier);
      const { spanContext, baggage } = incoming;
      let at = trace.deleteSpan(activeContext());
      if (spanContext !== null) at = trace.setSpanContext(at, spanContext);
      if (baggage !== null) at = withBaggage(at, baggage);
      return withWork(at, { ...incoming, consumer: null, attempt: null, place: null, seen: { step: null } });
    }, null);
    return context === null ? work() : runIn(context, work);
  }
}

const NO_WORK = {
  eventId: null,
  eventName: null,
  correlationId: null,
  causationId: null,
  consumer: null,
  attempt: null,
  place: null,
  seen: { step: null },
};
const HANDED_OVER: Transport = { ...ANY_TRANSPORT, cloudEvents: null };

function failQuietly(attempt: Attempt, error: unknown, reception: Reception): void {
  quietly(() => attempt.fail(error, reception.decide?.(error, attempt) ?? null), undefined);
  // Whatever `decide` does, the attempt has ended.
  quietly(() => attempt.fail(error), undefined);
}
