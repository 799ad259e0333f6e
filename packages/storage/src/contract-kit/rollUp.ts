import type { RollUp } from '@upshot/model';
import { SOME_TIME } from './spanBatch.js';

/** A note as a case writes it; what it leaves out is filled in. Its place is number `n`. */
export interface KitRollUp extends Partial<RollUp> {
  readonly n: number;
}

/** The ID of place number `n`. */
export function placeId(n: number): string {
  return n.toString(16).padStart(16, '0');
}

export function rollUp({ n, ...given }: KitRollUp): RollUp {
  return {
    id: placeId(n),
    timeUnixNano: SOME_TIME + BigInt(n) * 1_000_000_000n,
    version: SOME_TIME,
    gone: false,
    key: `order_${n}`,
    status: 'completed',
    changesAtUnixNano: null,
    facets: [],
    row: JSON.stringify({ n }),
    lesson: JSON.stringify({ hops: n }),
    ...given,
  };
}
