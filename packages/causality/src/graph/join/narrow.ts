import type { Reading } from '../../interpret/Reading.js';
import type { AttemptDraft } from '../nodes.js';

/** The attempts to which something below a batch belongs, and by what that was told; `by` is null where nothing tells. */
export interface Narrowed {
  readonly attempts: readonly AttemptDraft[];
  readonly by: 'correlation-id' | 'event-id' | 'causation-id' | 'key' | null;
}

/**
 * Which messages of a batch something below it belongs to: those with its correlation ID, or whose event it names as its cause
 * or sends again; else those with its key; else all.
 */
export function narrow(below: Reading, attempts: readonly AttemptDraft[]): Narrowed {
  const all: Narrowed = { attempts, by: null };
  if (attempts.length <= 1) return all;
  const own = below.messages[0];
  const causationId = own?.causationId ?? below.causationId;
  if (causationId !== null && causationId !== undefined) {
    const caused = attempts.filter(
      ({ event, message }) => event.eventId === causationId || message.eventId === causationId,
    );
    if (caused.length > 0) return { attempts: caused, by: 'causation-id' };
  }
  const eventId = own?.eventId ?? null;
  if (eventId !== null && !/^\d+$/.test(eventId)) {
    const again = attempts.filter(
      ({ event, message }) => event.eventId === eventId || message.eventId === eventId,
    );
    if (again.length > 0) return { attempts: again, by: 'event-id' };
  }
  const correlationId = own?.correlationId ?? below.correlationId;
  if (correlationId !== null && correlationId !== undefined) {
    const same = attempts.filter((attempt) => correlationOf(attempt) === correlationId);
    if (same.length > 0) return { attempts: same, by: 'correlation-id' };
    const unknown = attempts.filter((attempt) => correlationOf(attempt) === null);
    if (unknown.length > 0 && unknown.length < attempts.length) return { attempts: unknown, by: null };
  }
  const key = own?.messageKey ?? null;
  if (key !== null) {
    const same = attempts.filter(
      ({ event, message }) => (message.messageKey ?? event.message.messageKey) === key,
    );
    if (same.length > 0) return { attempts: same, by: 'key' };
  }
  return all;
}

export function correlationOf({ event, message, reading }: AttemptDraft): string | null {
  return (
    message.correlationId ??
    event.correlationId ??
    (reading.messages.length === 1 ? reading.correlationId : null)
  );
}
