import type { Lookup } from '@upshot/model';

/** IDs named to a store: each makes its statement longer, and few have most of the rows. */
const NAMED = 64;

/** Of which IDs all rows there are have been fetched: found by another ID, they need not be sent again. */
export class AtHand {
  readonly traceIds = new Set<string>();
  readonly correlationIds = new Set<string>();

  /** The first of them, which the rows of the rest stand around; undefined where there are none. */
  get except(): Lookup['except'] {
    if (this.traceIds.size + this.correlationIds.size === 0) return undefined;
    return {
      traceIds: [...this.traceIds].slice(0, NAMED),
      correlationIds: [...this.correlationIds].slice(0, NAMED),
    };
  }
}
