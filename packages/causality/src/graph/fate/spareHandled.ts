import { said } from '../../interpret/concepts.js';
import type { AttemptDraft } from '../nodes.js';

/**
 * A batch that says which message failed it had handled those of the partition before it: they come no more, and they have not failed.
 * Those after it have, with the batch: they come again.
 */
export function spareHandled(attempts: readonly AttemptDraft[]): void {
  for (const attempt of attempts) {
    if (attempt.outcome !== 'failed' || !isBefore(attempt)) continue;
    attempt.outcome = 'succeeded';
    attempt.error = null;
  }
}

function isBefore({ reading: { failedAt, destination, span }, message, event }: AttemptDraft): boolean {
  if (failedAt === null || destination !== failedAt.destination) return false;
  const partition = message.partition ?? event.message.partition ?? said(span.attributes, 'partition');
  const offset = message.offset ?? event.message.offset;
  if (partition !== failedAt.partition || offset === null || !/^\d+$/.test(offset)) return false;
  return BigInt(offset) < BigInt(failedAt.offset);
}
