import type { TallySum } from '@upshot/model';
import { type HopSeries, PublishCounter, type PublishSeries, parsePublishSeries } from './hopSeries.js';

interface Published {
  readonly series: PublishSeries;
  readonly unconsumed: number;
}

/**
 * Who published what consumers received without any sign of it. Where nothing of a message was carried over (no context, no ID), its consumer says from
 * where it came alone; if one service alone publishes there, and something that it published was seen by nobody, it is that one.
 */
export class Publishers {
  private readonly published: Published[];

  constructor(sums: readonly TallySum[]) {
    this.published = sums.map(({ tally: { series, counts } }) => {
      const events = counts.get(PublishCounter.events) ?? 0;
      const unconsumed = events - (counts.get(PublishCounter.consumed) ?? 0);
      return { series: parsePublishSeries(series), unconsumed };
    });
  }

  /** The publish that a hop without a known producer must come from; null where several or none may be meant. */
  of(hop: HopSeries): { producer: string; eventName: string } | null {
    const fitting = this.published.filter(
      ({ series, unconsumed }) =>
        unconsumed > 0 &&
        series.environment === hop.environment &&
        series.producerSide.service !== '' &&
        isSamePlace(series, hop) &&
        isSameSystem(series.producerSide.system, hop.consumerSide?.system ?? ''),
    );
    const named = fitting.filter(({ series }) => series.eventName === hop.eventName);
    const candidates = named.length > 0 ? named : fitting;
    const producers = new Set(candidates.map(({ series }) => series.producerSide.service));
    const events = new Set(candidates.map(({ series }) => series.eventName));
    if (producers.size !== 1) return null;
    return {
      producer: [...producers][0]!,
      // Several events through one place: which of them this was, its consumer does not say.
      eventName: events.size === 1 ? [...events][0]! : hop.eventName,
    };
  }
}

function isSamePlace(publish: PublishSeries, hop: HopSeries): boolean {
  if (publish.destination !== null && publish.destination !== '' && hop.destination !== null)
    if (publish.destination === hop.destination) return true;
  return publish.eventName === hop.eventName;
}

function isSameSystem(a: string, b: string): boolean {
  return a === '' || b === '' || a === b;
}
