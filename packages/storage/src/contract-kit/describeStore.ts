import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../Store.js';
import type { Bench } from './Bench.js';
import { arrivalsCases } from './cases/arrivals.js';
import { documentsCases } from './cases/documents.js';
import { entriesCases } from './cases/entries.js';
import { fidelityCases } from './cases/fidelity.js';
import { findExceptCases } from './cases/findExcept.js';
import { findLimitCases } from './cases/findLimit.js';
import { findRecordCases } from './cases/findRecords.js';
import { findSinceCases } from './cases/findSince.js';
import { findSpanCases } from './cases/findSpans.js';
import { lifeCases } from './cases/life.js';
import { logCases } from './cases/logs.js';
import { removalCases } from './cases/removal.js';
import { repetitionCases } from './cases/repetition.js';
import { retentionCases } from './cases/retention.js';
import { rollUpsCases } from './cases/rollUps.js';
import { soughtCases } from './cases/sought.js';
import { talliesCases } from './cases/tallies.js';
import { volumeCases } from './cases/volume.js';

/** A store that a case may fill, and what the kit can do with it besides. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Opens the same data again, the store having been closed. Left out where nothing outlives the store. */
  readonly reopen?: () => Promise<Store>;
  /** Throws away what the store left behind. Called after the store was closed. */
  readonly dispose?: () => Promise<void>;
}

/**
 * The cases that every store must pass, registered with Vitest: call it at the top of a test file.
 * `open` gives each case a store of its own, empty.
 */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the storage contract: ${name}`, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(async () => {
      await store.close();
      await under.dispose?.();
    });
    const bench: Bench = {
      store: () => store,
      async restart() {
        if (!under.reopen) return;
        await store.close();
        store = await under.reopen();
      },
    };
    findSpanCases(bench);
    findRecordCases(bench);
    findLimitCases(bench);
    findSinceCases(bench);
    findExceptCases(bench);
    fidelityCases(bench);
    repetitionCases(bench);
    logCases(bench);
    entriesCases(bench);
    arrivalsCases(bench);
    rollUpsCases(bench);
    soughtCases(bench);
    talliesCases(bench);
    documentsCases(bench);
    retentionCases(bench);
    removalCases(bench);
    volumeCases(bench);
    lifeCases(bench);
  });
}
