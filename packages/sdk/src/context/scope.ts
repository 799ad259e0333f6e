import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';

/** The event that is being worked on, and the family that it belongs to. */
export interface Work {
  readonly eventId: string | null;
  readonly eventName: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly consumer: string | null;
  readonly attempt: number | null;
  /** Where the event lay that is being handled. */
  readonly place: string | null;
  /** Whether the event itself is passed on here, by a relay or a bridge. */
  readonly relays?: boolean;
  /** What has been seen below: the first business step. */
  readonly seen: { step: string | null };
}

const WORK = createContextKey('upshot.work');
/** Serves where the application has registered no context manager of OpenTelemetry's: IDs are carried all the same. */
const own = new AsyncLocalStorage<Context>();

/** The context that this code runs in. */
export function activeContext(): Context {
  const active = context.active();
  return active === ROOT_CONTEXT ? (own.getStore() ?? active) : active;
}

/** Runs something in a context, which then holds through promises, timers and streams. */
export function runIn<Result>(at: Context, work: () => Result): Result {
  return context.with(at, () => (context.active() === at ? work() : own.run(at, work)));
}

export function workIn(at: Context): Work | null {
  return (at.getValue(WORK) as Work | undefined) ?? null;
}

export function withWork(at: Context, work: Work): Context {
  return at.setValue(WORK, work);
}

/** `suppressTracing` of `@opentelemetry/core`, whose key is this one by name: auto-instrumentations make no span below it. */
const SUPPRESS = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

export function withoutAutoSpans(at: Context): Context {
  return at.setValue(SUPPRESS, true);
}
