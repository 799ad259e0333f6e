import type { MessageRef, Reading } from '../../interpret/Reading.js';
import type { Contexts } from '../Contexts.js';

/** How many spans a handler may have between the message that it took and the one that it sends. */
const DEPTH = 64;

/**
 * The consumer's span in whose work a publish sends the message on that this consumer had taken itself: to a retry topic, to dead letters, back to where it
 * came from. Null for any other publish.
 */
export function sentAgainBy(publish: Reading, message: MessageRef, contexts: Contexts): Reading | null {
  if (message.eventId === null) return null;
  let at = contexts.parentOf(publish);
  for (let hops = 0; at !== null && hops < DEPTH; hops++) {
    if (at.role === 'process' || at.role === 'receive') {
      if (at.messages.some(({ eventId }) => eventId === message.eventId)) return at;
    }
    at = contexts.parentOf(at);
  }
  return null;
}
