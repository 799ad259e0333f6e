import type { Log } from '@upshot/model';
import { said } from '../../interpret/concepts.js';
import { lastException } from '../../interpret/exceptions.js';
import { idsOfLog } from '../../interpret/idsOfLog.js';
import { errorOf } from '../../interpret/outcome.js';
import { push } from '../Contexts.js';
import type { AttemptDraft } from '../nodes.js';

/** IDs that are counters name no event in particular. */
const COUNTER = /^\d+$/;

/**
 * Exceptions that were logged under the ID of an event and under no span: the error of the attempt on that event which failed in the service that wrote them. Only where
 * that is one attempt, of one consumer: of several it is the one that was under way at the time, and where that is not one either, none. Whether an attempt failed is not decided
 * here, for the background does not see such records when they come alone, and lists would say otherwise than the workflow.
 */
export function tellExceptions(attempts: readonly AttemptDraft[], loose: readonly Log[]): void {
  if (loose.length === 0) return;
  const ofEvent = new Map<string, AttemptDraft[]>();
  for (const attempt of attempts)
    if (attempt.event.eventId !== null) push(ofEvent, attempt.event.eventId, attempt);
  const told = new Map<AttemptDraft, Log[]>();
  for (const log of loose) {
    const attempt = attemptOf(log, ofEvent);
    if (attempt !== null) push(told, attempt, log);
  }
  for (const [attempt, logs] of told) {
    const exception = lastException(logs)!;
    const { stored, span } = attempt.reading;
    if (stored) attempt.error = errorOf(span, exception) ?? attempt.error;
    else if (attempt.error === null || attempt.error.message === '')
      attempt.error = {
        type: attempt.error?.type || exception.type || 'Error',
        message: exception.message ?? '',
      };
  }
}

function attemptOf(log: Log, ofEvent: ReadonlyMap<string, readonly AttemptDraft[]>): AttemptDraft | null {
  const { eventId } = idsOfLog(log);
  if (eventId === null || (log.traceId === '' && COUNTER.test(eventId))) return null;
  const service = said(log.source.resource, 'service');
  const environment = said(log.source.resource, 'environment');
  const own = (ofEvent.get(eventId) ?? []).filter(
    ({ reading }) =>
      reading.service === service &&
      (environment === null || reading.environment === environment) &&
      (log.traceId === '' || reading.span.traceId === '' || reading.span.traceId === log.traceId),
  );
  if (new Set(own.map(({ event, consumer }) => `${event.id} ${consumer}`)).size !== 1) return null;
  const meant = own.length === 1 ? own : own.filter((attempt) => isWithin(attempt, log.timeUnixNano));
  return meant.length === 1 && meant[0]!.outcome === 'failed' ? meant[0]! : null;
}

function isWithin({ reading: { span } }: AttemptDraft, time: bigint): boolean {
  return span.startTimeUnixNano <= time && (span.endTimeUnixNano === 0n || time <= span.endTimeUnixNano);
}
