import { type Decision, type Reception, textOf } from '@upshot/sdk';
import { ATTEMPT, ATTEMPTS, BINARY, DESTINATION, isRetried, placeOf } from './HTTP.js';
import { headerOf } from './headers.js';
import type { ReceiveOptions } from './ReceiveOptions.js';
import type { RequestLike } from './servers.js';
import { attributesOf, type EventAttributes, isBatch } from './structured.js';

/** UTF-16 units of an address that are looked at. */
const MOST_URL = 2048;
/** As long as any name that goes into a header. */
const MOST_PLACE = 256;

/** The events of a request: one, or those of a batch of CloudEvents. */
export function receptionsOf(request: RequestLike, options: ReceiveOptions): Reception[] {
  const { headers, body } = request;
  const path = placeOf((request.originalUrl ?? request.url ?? '').slice(0, MOST_URL));
  const common = {
    transport: BINARY,
    consumer: options.consumer,
    event: options.event,
    destination: textOf(headerOf(headers, DESTINATION), MOST_PLACE) ?? path,
    placeName: path.slice(path.lastIndexOf('/') + 1) || path,
    attempt: countOf(headers, ATTEMPT) ?? undefined,
  };
  const batch = isBatch(headerOf(headers, 'content-type')) && Array.isArray(body) ? eventsOf(body) : [];
  if (batch.length > 0)
    return batch.map((attributes) => ({
      ...common,
      headers: attributes,
      step: stepOf(request, attributes, options),
    }));
  const attributes = attributesOf(typeof body === 'string' ? null : body);
  return [
    { ...common, headers, carrier: attributes ?? undefined, step: stepOf(request, attributes, options) },
  ];
}

function eventsOf(body: readonly unknown[]): EventAttributes[] {
  return body.map(attributesOf).filter((attributes) => attributes !== null);
}

function stepOf(
  request: RequestLike,
  attributes: EventAttributes | null,
  { step }: ReceiveOptions,
): string | undefined {
  if (typeof step !== 'function') return step;
  try {
    return step(request, attributes);
  } catch {
    return undefined;
  }
}

/** What the sender will do after this answer, where it has said how often it tries; null where it has not. */
export function decisionOf({ headers }: RequestLike, status: number | null): Decision {
  const [attempt, attempts] = [countOf(headers, ATTEMPT), countOf(headers, ATTEMPTS)];
  if (attempt === null || attempts === null) return null;
  return attempt >= attempts || (status !== null && !isRetried(status)) ? 'dead-letter' : 'retry';
}

function countOf(headers: RequestLike['headers'], name: string): number | null {
  const text = headerOf(headers, name);
  return text !== null && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null;
}
