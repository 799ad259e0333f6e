import type { Store } from '../Store.js';

/** What a case works with: a store of its own, empty. */
export interface Bench {
  store(): Store;
  /** Closes the store and opens it again where the data outlives it; otherwise does nothing. */
  restart(): Promise<void>;
}
