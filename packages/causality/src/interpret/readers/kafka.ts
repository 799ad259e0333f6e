import { IDS_OR_OFFSETS } from '@upshot/conventions';
import type { Span } from '@upshot/model';
import { asText, said } from '../concepts.js';
import type { MessageRef } from '../Reading.js';
import { systemName } from '../systems.js';
import type { Reader } from './Reader.js';

/**
 * Kafka has no message IDs. What stands there is a position: Python's confluent-kafka and aiokafka write `topic.partition.offset`, Go's
 * otelsarama, and kotel before 1.3, the bare offset. Both are read as what they are, and the event has no ID of its own.
 */
export const kafka: Reader = {
  name: 'kafka',
  applies: (span) => systemName(said(span.attributes, 'system') ?? '') === 'kafka',
  read(draft) {
    const { destination, span } = draft;
    // What stands in the place of the broker's ID is read as the position that it is, or is no ID at all.
    draft.messages = draft.messages.map((message) => ({
      ...positioned(message, destination, span),
      transportId: null,
    }));
  },
};

function positioned(message: MessageRef, destination: string | null, span: Span): MessageRef {
  const { eventId } = message;
  if (eventId === null || destination === null) return message;
  if (eventId.startsWith(`${destination}.`)) {
    const position = /^(\d+)\.(\d+)$/.exec(eventId.slice(destination.length + 1));
    if (position !== null)
      return { ...message, eventId: null, partition: position[1]!, offset: position[2]! };
  }
  if (/^\d+$/.test(eventId) && message.eventSource === null && isTransports(eventId, span)) {
    return { ...message, eventId: null, offset: message.offset ?? eventId };
  }
  return message;
}

/** Whether an ID stands where clients write offsets, and not in a header of the user's own. */
function isTransports(id: string, { attributes, links }: Span): boolean {
  return IDS_OR_OFFSETS.some(
    (key) =>
      asText(attributes.get(key)) === id || links.some((link) => asText(link.attributes.get(key)) === id),
  );
}
