import type { TallySum } from '@upshot/model';
import { Publishers } from './attribute.js';
import { HopAccount } from './HopAccount.js';
import { HOP, PUBLISH, parseHopSeries } from './hopSeries.js';

/** All hops in the time asked for, and what they say of each other. */
export class Hops {
  readonly all: readonly HopAccount[];
  private readonly byEvent = new Map<string, HopAccount[]>();

  /** Sums of tallies of the kinds `hop` and `publish`, over periods. */
  constructor(sums: readonly TallySum[]) {
    const publishers = new Publishers(sums.filter(({ tally }) => tally.kind === PUBLISH));
    const accounts = new Map<string, HopAccount>();
    for (const sum of sums) {
      if (sum.tally.kind !== HOP) continue;
      const series = parseHopSeries(sum.tally.series);
      const known = series.producer === '' ? publishers.of(series) : null;
      const producer = known?.producer ?? series.producer;
      const eventName = known?.eventName ?? series.eventName;
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

  /** Groups of hops that share producer, event and destination. */
  events(): readonly (readonly HopAccount[])[] {
    return [...this.byEvent.values()];
  }
}

function eventKey({ producer, eventName, destination, environment }: HopAccount): string {
  return JSON.stringify([producer, eventName, destination, environment]);
}
