import type { MessageRef, Reading } from '../../interpret/Reading.js';
import { isDeadLetterName, isRetryName } from '../../interpret/retryNames.js';
import { push } from '../Contexts.js';
import type { EventDraft } from '../nodes.js';

/** What an event is known by: names of its place, its cluster, its CloudEvents source. */
interface Known {
  readonly event: EventDraft;
  readonly places: readonly string[];
  readonly cluster: string | null;
  readonly source: string | null;
  readonly byRecord: boolean;
}

/** Finds events by message ID and by broker position. IDs are never unique by themselves, and never join over environments. */
export class EventIndex {
  private readonly byId = new Map<string, Known[]>();
  private readonly byPosition = new Map<string, Known[]>();

  /** Learns under which identity an event is known, from its publish or from a consumer that was joined to it otherwise. */
  learn(event: EventDraft, message: MessageRef, reading: Reading): void {
    const known: Known = {
      event,
      places: reading.places,
      cluster: reading.cluster,
      source: message.eventSource,
      byRecord: !reading.stored || reading.records.length > 0,
    };
    if (message.eventId !== null) remember(this.byId, idKey(event.environment, message.eventId), known);
    // Unique at its place alone, whoever speaks of it.
    if (message.transportId !== null)
      remember(this.byId, idKey(event.environment, message.transportId), {
        ...known,
        source: null,
        byRecord: false,
      });
    if (message.offset !== null) {
      for (const place of reading.places) {
        remember(
          this.byPosition,
          positionKey(event.environment, place, message.partition, message.offset),
          known,
        );
      }
    }
  }

  /**
   * Events with the message's ID: the same CloudEvents source, or a place in common, or, for an ID that is unique in the
   * installation (a record's, when it is not all digits), wherever. Of several, those sent to a place of the consumer, then those
   * published before, the latest first. After them, those that the broker knows by the same ID.
   */
  withId(message: MessageRef, reading: Reading): EventDraft[] {
    const byOwn = message.eventId === null ? [] : this.known(message.eventId, message, reading);
    if (message.transportId === null) return byOwn;
    const byTransport = this.known(message.transportId, { ...message, eventSource: null }, reading);
    return [...new Set([...byOwn, ...byTransport])];
  }

  private known(id: string, message: MessageRef, reading: Reading): EventDraft[] {
    const candidates = this.byId.get(idKey(reading.environment, id)) ?? [];
    const allDigits = /^\d+$/.test(id);
    const fitting = candidates.filter((known) => {
      if (known.source !== null && message.eventSource !== null) return known.source === message.eventSource;
      const ofRecord = known.byRecord || !reading.stored || reading.records.length > 0;
      if (ofRecord && !allDigits) return true;
      if (!sameSystem(known.event.system, reading.system)) return false;
      if (placesMeet(known.places, reading.places)) return true;
      const correlated =
        known.event.correlationId !== null &&
        known.event.correlationId === (message.correlationId ?? reading.correlationId);
      return correlated && !allDigits && !isSetAside(known.event);
    });
    // A dead letter and a republished try carry the ID of the first publish: what was sent to where the consumer stands comes first.
    return ordered(fitting, reading, (known) => sentTo(known.event, reading));
  }

  /** Events at the message's position: the same place, partition and offset, in what may be the same cluster. */
  at(message: MessageRef, reading: Reading): EventDraft[] {
    if (message.offset === null) return [];
    const found: Known[] = [];
    for (const place of reading.places) {
      const candidates =
        this.byPosition.get(positionKey(reading.environment, place, message.partition, message.offset)) ?? [];
      for (const known of candidates) {
        if (!sameSystem(known.event.system, reading.system)) continue;
        if (known.cluster !== null && reading.cluster !== null && known.cluster !== reading.cluster) continue;
        found.push(known);
      }
    }
    return ordered(found, reading);
  }

  /** Events with an ID that something names as its cause. */
  named(environment: string, eventId: string): EventDraft[] {
    const candidates = this.byId.get(idKey(environment, eventId)) ?? [];
    return [...new Set(candidates.map(({ event }) => event))].filter(({ kind }) => kind === 'event');
  }
}

function ordered(
  found: readonly Known[],
  reading: Reading,
  comesFirst: (known: Known) => boolean = () => false,
): EventDraft[] {
  const start = reading.span.startTimeUnixNano;
  const events = [...new Set(found.map(({ event }) => event))];
  const first = new Set(found.filter(comesFirst).map(({ event }) => event));
  return events.sort((a, b) => {
    if (first.has(a) !== first.has(b)) return first.has(a) ? -1 : 1;
    const aBefore = a.time <= start;
    const bBefore = b.time <= start;
    if (aBefore !== bBefore) return aBefore ? -1 : 1;
    if (a.time !== b.time) return aBefore === a.time > b.time ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  });
}

function sentTo({ destination }: EventDraft, { places }: Reading): boolean {
  return destination !== null && places.includes(destination);
}

/** Whether an event went where only tries and dead letters of it go: whoever stands elsewhere did not take it from there. */
function isSetAside({ destination }: EventDraft): boolean {
  return destination !== null && (isRetryName(destination) || isDeadLetterName(destination));
}

function sameSystem(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b;
}

function placesMeet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === 0 || b.length === 0 || a.some((place) => b.includes(place));
}

function remember(map: Map<string, Known[]>, at: string, known: Known): void {
  if (map.get(at)?.some(({ event }) => event === known.event)) return;
  push(map, at, known);
}

/** A text that no other environment and ID have. */
function idKey(environment: string, id: string): string {
  return `${environment.length} ${environment}${id}`;
}

function positionKey(environment: string, place: string, partition: string | null, offset: string): string {
  return JSON.stringify([environment, place, partition, offset]);
}
