import { ATTRIBUTES, LOG_ATTRIBUTES } from '@upshot/conventions';
import type { Attributes, Log } from '@upshot/model';
import { asText } from './concepts.js';

/** What a log record says to which event and to which workflow it belongs; null where it does not. */
export interface LogIds {
  readonly eventId: string | null;
  readonly correlationId: string | null;
}

/** As ingest keys them: the one table first, then the plain names of loggers, in the attributes and in a body that is a map. */
export function idsOfLog({ attributes, body }: Log): LogIds {
  const fields =
    body !== null && typeof body === 'object' && !Array.isArray(body) && !(body instanceof Uint8Array)
      ? new Map(Object.entries(body))
      : null;
  const first = (concept: 'eventId' | 'correlationId') => {
    const keys = [...ATTRIBUTES[concept], ...LOG_ATTRIBUTES[concept]];
    return textAt(attributes, keys) ?? (fields === null ? null : textAt(fields, keys));
  };
  return { eventId: first('eventId'), correlationId: first('correlationId') };
}

function textAt(attributes: Attributes, keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = asText(attributes.get(key));
    if (text !== null && text !== '') return text;
  }
  return null;
}
