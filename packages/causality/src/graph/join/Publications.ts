import type { MessageRef, Reading } from '../../interpret/Reading.js';
import type { EventDraft } from '../nodes.js';

/** A publishing span and the events that it published: one, or one per message where it published many. */
export interface Publication {
  readonly reading: Reading;
  readonly events: EventDraft[];
  /** Events by the identity of their message; filled only where the span published many. */
  readonly byIdentity: Map<string, EventDraft>;
}

/** What tells one message of a publish from another: its ID, else its position; null where nothing does. */
export function identityOfMessage(message: MessageRef): string | null {
  if (message.eventId !== null) return `id:${message.eventId}`;
  if (message.offset !== null) return `at:${message.partition ?? ''}.${message.offset}`;
  return null;
}

/** A consumer's message that was traced to a publish. */
export interface Claim {
  readonly reading: Reading;
  readonly message: MessageRef;
}

/**
 * Whether a publish stands for many messages: it says so, or its consumers show several identities where one place can have but one. Several
 * identities in several places are copies of one event (a topic that fans out to queues, each with IDs of its own); several in one place, the
 * earlier ones failed, are its republished tries.
 */
export function publishedMany(publish: Reading, claims: readonly Claim[]): boolean {
  const identities = new Map<string, Claim[]>();
  for (const claim of claims) {
    const identity = identityOfMessage(claim.message);
    if (identity === null) continue;
    const place = `${claim.reading.destination ?? ''}|${claim.reading.consumer}`;
    const list = identities.get(place);
    if (list === undefined) identities.set(place, [claim]);
    else list.push(claim);
  }
  const declared = publish.batchCount !== null && publish.batchCount > 1;
  if (publish.batchCount === 1) return false;
  const own = identityOfMessage(publish.messages[0]!);
  if (own !== null && !declared) return false;
  for (const claimsOfPlace of identities.values()) {
    if (declared ? distinct(claimsOfPlace) > 1 : distinct(withoutRetried(claimsOfPlace)) > 1) return true;
  }
  return declared && distinct([...identities.values()].flat()) > 1;
}

function distinct(claims: readonly Claim[]): number {
  return new Set(claims.map(({ message }) => identityOfMessage(message))).size;
}

/** The claims less those whose every try failed before another identity was tried: these were republished. */
function withoutRetried(claims: readonly Claim[]): Claim[] {
  return claims.filter((claim) => {
    if (claim.reading.outcome !== 'failed') return true;
    return !claims.some(
      (later) =>
        identityOfMessage(later.message) !== identityOfMessage(claim.message) &&
        later.reading.span.startTimeUnixNano >= claim.reading.span.endTimeUnixNano,
    );
  });
}
