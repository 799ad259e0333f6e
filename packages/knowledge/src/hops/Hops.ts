import type { TallySum } from '@upshot/model';
import { HopAccount } from './HopAccount.js';
import { HOP, HopCounter, type HopSeries, PUBLISH, parseHopSeries } from './hopSeries.js';
import { Publishers } from './Publishers.js';

/** All hops in the time asked for, and what they say of each other. */
export class Hops {
  readonly all: readonly HopAccount[];
  readonly publishers: Publishers;
  private readonly byEvent = new Map<string, HopAccount[]>();

  /** Sums of tallies of the kinds `hop` and `publish`, over periods. */
  constructor(sums: readonly TallySum[]) {
    this.publishers = new Publishers(sums.filter(({ tally }) => tally.kind === PUBLISH));
    const hops = sums
      .filter(({ tally }) => tally.kind === HOP)
      .map((sum) => ({ sum, series: parseHopSeries(sum.tally.series) }));
    const origins = originsOf(hops, this.publishers);
    const accounts = new Map<string, HopAccount>();
    for (const { sum, series } of hops) {
      const { producer, eventName } = origins.get(unknownKey(series)) ?? series;
      const { destination, consumer, environment } = series;
      const key = JSON.stringify([producer, eventName, destination, consumer, environment]);
      let account = accounts.get(key);
      if (account === undefined) {
        account = new HopAccount(producer, eventName, destination, consumer, environment);
        accounts.set(key, account);
      }
      account.add(sum, series);
    }
    this.all = [...accounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, account]) => account);
    for (const account of this.all) {
      const key = eventKey(account);
      const accountsOfEvent = this.byEvent.get(key);
      if (accountsOfEvent === undefined) this.byEvent.set(key, [account]);
      else accountsOfEvent.push(account);
    }
  }

  /** All consumers of the same producer's event, this one included. */
  ofSameEvent(account: HopAccount): readonly HopAccount[] {
    return this.byEvent.get(eventKey(account)) ?? [];
  }
}

interface Counted {
  readonly sum: TallySum;
  readonly series: HopSeries;
}

/** Where deliveries whose producer is not known come from, by `unknownKey`: as far as it can be told. */
export function originsOf(
  hops: readonly Counted[],
  publishers: Publishers,
): Map<string, { producer: string; eventName: string }> {
  const known = new Map<string, number>();
  const unknown = new Map<string, { series: HopSeries; deliveries: number }>();
  for (const { sum, series } of hops) {
    const deliveries = sum.tally.counts.get(HopCounter.deliveries) ?? 0;
    if (series.producer === '') {
      const key = unknownKey(series);
      const before = unknown.get(key)?.deliveries ?? 0;
      unknown.set(key, { series, deliveries: before + deliveries });
    } else {
      const key = knownKey(series, series.producer, series.eventName);
      known.set(key, (known.get(key) ?? 0) + deliveries);
    }
  }
  const origins = new Map<string, { producer: string; eventName: string }>();
  for (const [key, { series, deliveries }] of unknown) {
    const origin = publishers.of({
      series,
      deliveries,
      known: (producer, eventName) => known.get(knownKey(series, producer, eventName)) ?? 0,
    });
    if (origin !== null) origins.set(key, origin);
  }
  return origins;
}

/** Deliveries without a known producer, as far as their consumer tells them apart; "" for those that have one. */
export function unknownKey({ producer, eventName, destination, consumer, environment }: HopSeries): string {
  return producer === '' ? JSON.stringify([eventName, destination, consumer, environment]) : '';
}

function knownKey({ consumer, environment }: HopSeries, producer: string, eventName: string): string {
  return JSON.stringify([producer, eventName, consumer, environment]);
}

function eventKey({ producer, eventName, destination, environment }: HopAccount): string {
  return JSON.stringify([producer, eventName, destination, environment]);
}
