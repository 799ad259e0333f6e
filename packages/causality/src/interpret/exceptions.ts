import type { Log } from '@upshot/model';
import { asText } from './concepts.js';

/** SeverityNumber from which on a record tells of an error (OpenTelemetry's logs data model: ERROR is 17 to 20). */
const ERROR = 17;

/** What an exception record says went wrong. */
export interface ToldException {
  readonly type: string | null;
  readonly message: string | null;
  /**
   * Whether the record alone says that the operation failed. Instrumentations name their exception records by the operation that ended with one
   * (`messaging.process.exception`, semantic conventions 1.41), severity ERROR or above where it was not handled. What a logger was given with a line may
   * have been handled, like an exception event of a span.
   */
  readonly failed: boolean;
}

/** The last exception of a span's records, and the most severe of those of one time: order of arrival decides nothing. */
export function lastException(logs: readonly Log[]): ToldException | null {
  let last: Log | null = null;
  for (const log of logs) if (log.isException && (last === null || comesAfter(log, last))) last = log;
  if (last === null) return null;
  return {
    type: asText(last.attributes.get('exception.type')),
    message: asText(last.attributes.get('exception.message')),
    failed: logs.some(saysFailed),
  };
}

function saysFailed({ eventName, severityNumber, isException }: Log): boolean {
  if (!isException) return false;
  if (eventName.endsWith('.exception')) return severityNumber === 0 || severityNumber >= ERROR;
  return eventName === 'exception' && severityNumber >= ERROR;
}

function comesAfter(a: Log, b: Log): boolean {
  if (a.timeUnixNano !== b.timeUnixNano) return a.timeUnixNano > b.timeUnixNano;
  if (a.severityNumber !== b.severityNumber) return a.severityNumber > b.severityNumber;
  return textOf(a) > textOf(b);
}

function textOf({ attributes, eventName }: Log): string {
  return `${eventName} ${asText(attributes.get('exception.type'))} ${asText(attributes.get('exception.message'))}`;
}
