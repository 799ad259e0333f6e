import type { Proof, Side } from '@upshot/causality';
import type { Tally, TallySum } from '@upshot/model';
import { HopCounter, type HopSeries } from './hopSeries.js';

/** Deliveries by how they were joined. */
export interface Proofs {
  declared: number;
  stitched: number;
  unlinked: number;
}

/** One release of both sides, as far as it was seen on a hop. */
export interface Release {
  readonly producer: Side | null;
  readonly consumer: Side | null;
  readonly whole: boolean;
  deliveries: number;
  firstUnixNano: bigint;
  lastUnixNano: bigint;
}

export interface Period extends Proofs {
  /** Deliveries that lost their context: of those neither declared, without what records told and what names a parent that has not arrived. */
  broken: number;
}

/** All that is known of one hop in the time asked for: the sums of its series. */
export class HopAccount {
  readonly proofs: Proofs = { declared: 0, stitched: 0, unlinked: 0 };
  readonly periods = new Map<number, Period>();
  readonly examples = new Map<Proof, string>();
  readonly releases: Release[] = [];
  deliveries = 0;
  broken = 0;
  brokenWorkflows = 0;
  namesMissingParent = 0;
  byRecords = 0;
  firstUnixNano: bigint | null = null;
  lastUnixNano: bigint | null = null;
  lastWholeUnixNano: bigint | null = null;
  private readonly exampleTimes = new Map<Proof, bigint>();

  constructor(
    readonly producer: string,
    readonly eventName: string,
    readonly destination: string | null,
    readonly consumer: string,
    readonly environment: string,
  ) {}

  /** Adds the sum of one series over one period. */
  add({ minute, tally }: TallySum, series: HopSeries): void {
    const { proof } = series;
    const deliveries = countOf(tally, HopCounter.deliveries);
    const sound = countOf(tally, HopCounter.namesMissingParent) + countOf(tally, HopCounter.byRecords);
    // A message that the broker moved to its dead letters lost its context before, if it did.
    const moved = series.kind === 'dead-letter' && series.producerSide === null;
    const broken = proof === 'declared' || moved ? 0 : Math.max(0, deliveries - sound);
    this.proofs[proof] += deliveries;
    this.deliveries += deliveries;
    this.broken += broken;
    if (broken > 0) this.brokenWorkflows += countOf(tally, HopCounter.workflows);
    this.namesMissingParent += countOf(tally, HopCounter.namesMissingParent);
    this.byRecords += countOf(tally, HopCounter.byRecords);
    const period = this.periods.get(minute) ?? { declared: 0, stitched: 0, unlinked: 0, broken: 0 };
    period[proof] += deliveries;
    period.broken += broken;
    this.periods.set(minute, period);
    this.see(tally, proof);
    if (proof === 'declared' || broken > 0) this.release(tally, series, deliveries, proof === 'declared');
  }

  get isBroken(): boolean {
    return this.broken > 0;
  }

  private see({ firstUnixNano, lastUnixNano, examples }: Tally, proof: Proof): void {
    if (this.firstUnixNano === null || firstUnixNano < this.firstUnixNano) this.firstUnixNano = firstUnixNano;
    if (this.lastUnixNano === null || lastUnixNano > this.lastUnixNano) this.lastUnixNano = lastUnixNano;
    if (proof === 'declared' && (this.lastWholeUnixNano === null || lastUnixNano > this.lastWholeUnixNano))
      this.lastWholeUnixNano = lastUnixNano;
    const known = this.exampleTimes.get(proof);
    if (examples[0] !== undefined && (known === undefined || lastUnixNano > known)) {
      this.exampleTimes.set(proof, lastUnixNano);
      this.examples.set(proof, examples[0]);
    }
  }

  private release(tally: Tally, series: HopSeries, deliveries: number, whole: boolean): void {
    const { firstUnixNano, lastUnixNano } = tally;
    const { producerSide: producer, consumerSide: consumer } = series;
    const known = this.releases.find(
      (one) =>
        one.whole === whole &&
        JSON.stringify([one.producer, one.consumer]) === JSON.stringify([producer, consumer]),
    );
    if (known === undefined) {
      this.releases.push({ producer, consumer, whole, deliveries, firstUnixNano, lastUnixNano });
      return;
    }
    known.deliveries += deliveries;
    if (firstUnixNano < known.firstUnixNano) known.firstUnixNano = firstUnixNano;
    if (lastUnixNano > known.lastUnixNano) known.lastUnixNano = lastUnixNano;
  }
}

function countOf({ counts }: Tally, counter: number): number {
  return counts.get(counter) ?? 0;
}
