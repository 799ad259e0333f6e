import type { Side } from '@upshot/causality';
import type { TallySum } from '@upshot/model';
import { type HopSeries, PublishCounter, type PublishSeries, parsePublishSeries } from './hopSeries.js';

/** Of what a producer published, a consumer may be told a little more than the counts say: minutes are counted one after the other. */
const SLACK = { share: 1.1, more: 2 };

/** What one release of a service published of one event to one place. */
export interface Publishing {
  readonly side: Side;
  readonly eventName: string;
  readonly destination: string | null;
  readonly environment: string;
  events: number;
  /** Continued by some consumer's parent or link. */
  continued: number;
  firstUnixNano: bigint;
  lastUnixNano: bigint;
}

/** Deliveries that lack a publisher, and where they came from as their consumer tells it. */
export interface Unknown {
  readonly series: HopSeries;
  readonly deliveries: number;
  /** Deliveries to the same consumer of which a producer's event is known to be the origin. */
  readonly known: (producer: string, eventName: string) => number;
}

/** Who published what, by release. */
export class Publishers {
  private readonly all: Publishing[];

  constructor(sums: readonly TallySum[]) {
    const byRelease = new Map<string, Publishing>();
    for (const { tally } of sums) {
      const series: PublishSeries = parsePublishSeries(tally.series);
      const known = byRelease.get(tally.series);
      const events = tally.counts.get(PublishCounter.events) ?? 0;
      const continued = tally.counts.get(PublishCounter.continued) ?? 0;
      const { firstUnixNano, lastUnixNano } = tally;
      if (known === undefined) {
        const { producerSide: side, ...place } = series;
        byRelease.set(tally.series, { ...place, side, events, continued, firstUnixNano, lastUnixNano });
        continue;
      }
      known.events += events;
      known.continued += continued;
      if (firstUnixNano < known.firstUnixNano) known.firstUnixNano = firstUnixNano;
      if (lastUnixNano > known.lastUnixNano) known.lastUnixNano = lastUnixNano;
    }
    this.all = [...byRelease.values()];
  }

  /**
   * The publish from which deliveries without any sign of one must come; null where several or none may be meant. Their consumer says from where they came
   * alone: if one service alone publishes there, and published as many as were received, it is that one. Where none does on that
   * broker, the same event of another broker may have come over a bridge.
   */
  of({ series, deliveries, known }: Unknown): { producer: string; eventName: string } | null {
    const inPlace = this.all.filter(
      (one) => one.environment === series.environment && one.side.service !== '' && isSamePlace(one, series),
    );
    const system = series.consumerSide?.system ?? '';
    const here = inPlace.filter(({ side }) => side.system === '' || system === '' || side.system === system);
    const named = (here.length > 0 ? here : inPlace).filter(
      ({ eventName }) => eventName === series.eventName,
    );
    const candidates = named.length > 0 ? named : here;
    const producers = new Set(candidates.map(({ side }) => side.service));
    if (producers.size !== 1) return null;
    const producer = [...producers][0]!;
    const events = new Set(candidates.map(({ eventName }) => eventName));
    // Several events through one place: which of them this was, its consumer does not say.
    const eventName = events.size === 1 ? [...events][0]! : series.eventName;
    const published = candidates.reduce((sum, one) => sum + one.events, 0);
    const most = published * SLACK.share + SLACK.more;
    return deliveries + known(producer, eventName) <= most ? { producer, eventName } : null;
  }

  /** The releases of a service that published an event, the latest first. */
  releasesOf(producer: string, eventName: string, environment: string): Publishing[] {
    return this.all
      .filter(
        (one) =>
          one.side.service === producer && one.eventName === eventName && one.environment === environment,
      )
      .sort((a, b) => (a.lastUnixNano > b.lastUnixNano ? -1 : 1));
  }
}

function isSamePlace(publishing: Publishing, hop: HopSeries): boolean {
  const { destination } = publishing;
  if (destination !== null && destination !== '' && destination === hop.destination) return true;
  return publishing.eventName === hop.eventName;
}
