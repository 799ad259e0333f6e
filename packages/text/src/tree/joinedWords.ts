import { causeWords } from '../words/causeWords.js';
import type { Child, Outline } from './Outline.js';

/**
 * What must be said of the edge to a node: nothing where its sender declared it. A span declares by parent or link; an event record,
 * which has no span, by the IDs that it states.
 */
export function joinedWords(outline: Outline, { id, cause }: Child): string | null {
  if (cause?.confidence === 1 && !hasSpan(outline, id)) return null;
  return causeWords(cause);
}

function hasSpan(outline: Outline, id: string): boolean {
  const node = outline.nodes.get(id);
  if (node?.type === 'event' || node?.type === 'attempt') return node.spanId !== null;
  if (node?.type !== 'delivery') return true;
  const attempts = node.attempts.map((attempt) => outline.nodes.get(attempt));
  // Without attempts nothing says that it is from a record.
  return (
    attempts.length === 0 ||
    attempts.some((attempt) => attempt?.type !== 'attempt' || attempt.spanId !== null)
  );
}
