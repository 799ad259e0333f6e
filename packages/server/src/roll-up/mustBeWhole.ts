import type { Found } from '@upshot/model';
import { AskError } from '../ask/AskError.js';

/** Rows, and where they were asked for, which parts of the store did not answer. */
export type FoundRows = Pick<Found, 'spans' | 'records'> & Partial<Pick<Found, 'unavailable'>>;

/** Throws where a shard is away: notes are made of what is whole, or of nothing. It is tried again when the shard is back. */
export function mustBeWhole({ unavailable = [] }: FoundRows): void {
  if (unavailable.length > 0)
    throw new AskError('unavailable', `A part of the store does not answer (${unavailable.join(', ')})`);
}
