import type { Transport } from '@upshot/sdk';

/**
 * HTTP with events in binary mode: their attributes are headers. A client span of the official instrumentations would put a `traceparent` of its own
 * beside ours, so there is none below a publish; a server span stays, around the attempt.
 */
export const BINARY: Transport = {
  system: 'http',
  cloudEvents: 'ce-',
  instrumentations: ['@opentelemetry/instrumentation-undici', '@opentelemetry/instrumentation-http'],
};

/** The event stands in the body: attributes of CloudEvents beside it would be a second one. */
export const STRUCTURED: Transport = { ...BINARY, cloudEvents: null };

/** Headers between a sender that tries again and a receiver, which each can do without. */
export const ATTEMPT = 'upshot-attempt';
export const ATTEMPTS = 'upshot-attempts';
export const DESTINATION = 'upshot-destination';
/** In the answer: who consumes. So the sender knows that this try is told of. */
export const CONSUMER = 'upshot-consumer';

/** Statuses after which a sender tries again: what is busy, away or late may answer the next time (RFC 9110, RFC 8470, RFC 6585). */
export function isRetried(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** An address without what may be secret in it: credentials, query, fragment. The text as it is where it is none. */
export function placeOf(url: string): string {
  try {
    const { origin, pathname, host } = new URL(url);
    return origin === 'null' ? `//${host}${pathname}` : origin + pathname;
  } catch {
    return url.split(/[?#]/, 1)[0]!;
  }
}

/** An answer that says no. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';

  constructor(readonly status: number) {
    super(`HTTP ${status}`);
  }
}
