import type { Arrival, EntryPoint } from '@upshot/model';

export function arrivalName({ traceId, eventId }: Arrival): string {
  return traceId === '' ? `event ${eventId}` : traceId;
}

export function entryName({ traceId, spanId, eventId }: Omit<EntryPoint, 'timeUnixNano'>): string {
  return `${traceId}/${spanId}/${eventId}`;
}
