import { AskError } from '../AskError.js';

/** The place to which a cursor of a graph or of spans points. Throws `AskError` where it is none. */
export function offsetOf(cursor: string): number {
  if (/^[0-9]{1,9}$/.test(cursor)) return Number(cursor);
  throw new AskError('bad-request', 'cursor must be the nextCursor of the page before, unchanged');
}
