import { said } from '../concepts.js';
import type { MessageRef } from '../Reading.js';
import type { Reader } from './Reader.js';

/**
 * Kafka has no message IDs. What stands there is a position: Python's confluent-kafka and aiokafka write `topic.partition.offset`, Go's
 * otelsarama the bare offset. Both are read as what they are, and the event has no ID of its own.
 */
export const kafka: Reader = {
  name: 'kafka',
  applies: (span) => said(span.attributes, 'system')?.toLowerCase() === 'kafka',
  read(draft) {
    const { destination } = draft;
    draft.messages = draft.messages.map((message) => positioned(message, destination));
  },
};

function positioned(message: MessageRef, destination: string | null): MessageRef {
  const { eventId } = message;
  if (eventId === null || destination === null) return message;
  if (eventId.startsWith(`${destination}.`)) {
    const position = /^(\d+)\.(\d+)$/.exec(eventId.slice(destination.length + 1));
    if (position !== null)
      return { ...message, eventId: null, partition: position[1]!, offset: position[2]! };
  }
  if (/^\d+$/.test(eventId) && message.eventSource === null) {
    return { ...message, eventId: null, offset: message.offset ?? eventId };
  }
  return message;
}
