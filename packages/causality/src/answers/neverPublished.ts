import { type FailureCause, later } from '@upshot/model';
import { attemptAbove } from '../graph/Draft.js';
import type { EventDraft } from '../graph/nodes.js';

/**
 * Why an event was never published: its publish failed, by its own span, none came after it, and nobody is known to have received it. Null for any other
 * one: what reached a consumer was published, whatever its producer was told of it (a confirm that was lost, say), and a record that says
 * `published` says so.
 */
export function publishError({ reading, records, deliveries, sentAgain }: EventDraft): FailureCause | null {
  if (reading === null || !reading.stored || reading.outcome !== 'failed') return null;
  if (sentAgain || records.length > 0) return null;
  if (deliveries.some(({ attempts, deadLettered }) => attempts.length > 0 || deadLettered)) return null;
  return reading.error ?? { type: 'Error', message: '' };
}

/** An event that was never published, and what came of that. */
export interface NeverPublished {
  readonly event: EventDraft;
  readonly error: FailureCause;
  /** The same work published another one like it after it had failed, as a retry does that gives the event a new ID. */
  readonly madeGood: boolean;
  /** The workflow has lost it: it was not made good, and who published it went on as if it were. What failed with it is told as that failure. */
  readonly lost: boolean;
}

/** The events of a workflow that were never published, in the order of their nodes. */
export function neverPublished(events: readonly EventDraft[]): NeverPublished[] {
  const failed = events.flatMap((event) => {
    const error = publishError(event);
    return error === null ? [] : [{ event, error }];
  });
  if (failed.length === 0) return [];
  const lastOf = new Map<string, bigint>();
  for (const event of events) {
    if (event.reading === null || publishError(event) !== null) continue;
    const work = workOf(event);
    lastOf.set(work, later(lastOf.get(work) ?? 0n, event.time));
  }
  return failed.map(({ event, error }) => {
    const end = event.reading!.span.endTimeUnixNano;
    const madeGood = (lastOf.get(workOf(event)) ?? -1n) >= end;
    return { event, error, madeGood, lost: !madeGood && attemptAbove(event)?.outcome !== 'failed' };
  });
}

/** What a retry has in common with the publish that failed. Tries of one delivery are the same work; what hangs under none is that of the workflow's own beginning. */
function workOf(event: EventDraft): string {
  const { producer, eventName, destination, message } = event;
  const delivery = attemptAbove(event)?.delivery?.id ?? null;
  return JSON.stringify([producer, eventName, destination, message.messageKey, delivery]);
}
