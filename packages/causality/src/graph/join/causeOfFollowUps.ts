import type { MessageRef, Reading } from '../../interpret/Reading.js';
import type { Contexts } from '../Contexts.js';
import type { EventDraft } from '../nodes.js';
import type { EventIndex } from './EventIndex.js';

/** How deep below an attempt its publishes are looked for. */
const DEPTH = 8;

/**
 * The event on which an attempt worked that says nothing of it: the one that all it published names as its cause. Axon's dead letters are tried again
 * without context and without an ID; what their handlers publish says what caused it.
 */
export function causeOfFollowUps(
  reading: Reading,
  message: MessageRef,
  contexts: Contexts,
  index: EventIndex,
): EventDraft | null {
  if (message.eventId !== null || message.offset !== null) return null;
  const named = new Set<string>();
  let layer: readonly Reading[] = [reading];
  for (let depth = 0; depth < DEPTH && layer.length > 0; depth++) {
    layer = layer.flatMap((at) => contexts.children(at)).filter(({ service }) => service === reading.service);
    for (const { role, messages, causationId } of layer) {
      const cause = role === 'publish' ? (messages[0]!.causationId ?? causationId) : null;
      if (cause !== null) named.add(cause);
    }
    layer = layer.filter(({ role }) => role === 'step');
  }
  const [only, ...others] = named;
  if (only === undefined || others.length > 0) return null;
  const events = index
    .named(reading.environment, only)
    .filter(({ eventName }) => !reading.eventTyped || eventName === reading.eventName);
  return events.length === 1 ? events[0]! : null;
}
