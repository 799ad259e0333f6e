import type { HopHealth, Propagation, TallySum } from '@upshot/model';
import { faultsOf } from './faultsOf.js';
import { Hops } from './Hops.js';
import { healthOf, type Periods } from './healthOf.js';

/** Propagation health from sums of the tallies `hop` and `publish`; the worst hops first. */
export function propagationOf(
  sums: readonly TallySum[],
  periods: Periods,
  asOfUnixNano: bigint,
  sampledOneIn = 1,
): Propagation {
  const hops = new Hops(sums);
  const healths = hops.all.map((hop) => healthOf(hop, hops, periods)).sort(worstFirst);
  return { hops: healths, faults: faultsOf(healths), asOf: String(asOfUnixNano), sampledOneIn };
}

const STATES: readonly HopHealth['state'][] = ['broken', 'mended', 'whole'];

function worstFirst(a: HopHealth, b: HopHealth): number {
  return (
    STATES.indexOf(a.state) - STATES.indexOf(b.state) || b.broken - a.broken || b.deliveries - a.deliveries
  );
}
