import type { TallySum, Topology, TopologyConsumer, TopologyEvent } from '@upshot/model';
import { originsOf, unknownKey } from '../hops/Hops.js';
import {
  HOP,
  HopCounter,
  PUBLISH,
  PublishCounter,
  parseHopSeries,
  parsePublishSeries,
} from '../hops/hopSeries.js';
import { Publishers } from '../hops/Publishers.js';
import { quantilesOf } from '../tallies/durations.js';

const NANOS_PER_SECOND = 1e9;
/** More steps of one consumer than this are names with IDs in them. */
const MOST_STEPS = 50;

interface Event {
  readonly eventName: string;
  readonly environment: string;
  readonly producers: Set<string>;
  readonly destinations: Set<string>;
  readonly systems: Set<string>;
  published: number;
  told: number;
  readonly consumers: Map<string, { steps: Set<string>; counts: Map<number, number> }>;
}

/** The map of events and their consumers. `seconds`: the length of time over which rates are told; null: from the first to the last. */
export function topologyOf(
  sums: readonly TallySum[],
  seconds: number | null,
  asOfUnixNano: bigint,
): Topology {
  const events = new Map<string, Event>();
  const at = (eventName: string, environment: string): Event => {
    const key = JSON.stringify([environment, eventName]);
    let event = events.get(key);
    if (event === undefined) {
      event = {
        eventName,
        environment,
        producers: new Set(),
        destinations: new Set(),
        systems: new Set(),
        published: 0,
        told: 0,
        consumers: new Map(),
      };
      events.set(key, event);
    }
    return event;
  };
  const publishers = new Publishers(sums.filter(({ tally }) => tally.kind === PUBLISH));
  const hops = sums
    .filter(({ tally }) => tally.kind === HOP)
    .map((sum) => ({ sum, series: parseHopSeries(sum.tally.series) }));
  const origins = originsOf(hops, publishers);
  for (const { tally } of sums) {
    if (tally.kind === PUBLISH) {
      const { eventName, destination, environment, producerSide } = parsePublishSeries(tally.series);
      const event = at(eventName, environment);
      event.published += tally.counts.get(PublishCounter.events) ?? 0;
      add(event.producers, producerSide.service);
      add(event.systems, producerSide.system);
      add(event.destinations, destination);
    } else if (tally.kind === HOP) {
      const hop = parseHopSeries(tally.series);
      const known = origins.get(unknownKey(hop)) ?? null;
      const event = at(known?.eventName ?? hop.eventName, hop.environment);
      add(event.producers, known?.producer ?? hop.producer);
      add(event.destinations, hop.destination);
      add(event.systems, hop.producerSide?.system || hop.consumerSide?.system);
      if (hop.producerSide === null && known === null)
        event.told += tally.counts.get(HopCounter.deliveries) ?? 0;
      let consumer = event.consumers.get(hop.consumer);
      if (consumer === undefined) {
        consumer = { steps: new Set(), counts: new Map() };
        event.consumers.set(hop.consumer, consumer);
      }
      for (const step of hop.steps) if (consumer.steps.size < MOST_STEPS) consumer.steps.add(step);
      for (const [counter, by] of tally.counts)
        consumer.counts.set(counter, (consumer.counts.get(counter) ?? 0) + by);
    }
  }
  const length = seconds ?? lengthOf(sums);
  return {
    events: [...events].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, event]) => eventOf(event, length)),
    asOf: String(asOfUnixNano),
  };
}

function eventOf(event: Event, seconds: number): TopologyEvent {
  const published = event.published > 0 ? event.published : event.told;
  return {
    eventName: event.eventName,
    environment: event.environment,
    producers: [...event.producers].sort(),
    destinations: [...event.destinations].sort(),
    systems: [...event.systems].sort(),
    published,
    rate: rateOf(published, seconds),
    consumers: [...event.consumers]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([consumer, { steps, counts }]) => consumerOf(consumer, steps, counts, seconds)),
  };
}

function consumerOf(
  consumer: string,
  steps: ReadonlySet<string>,
  counts: ReadonlyMap<number, number>,
  seconds: number,
): TopologyConsumer {
  const of = (counter: number) => counts.get(counter) ?? 0;
  const deliveries = of(HopCounter.deliveries);
  const deadLettered = of(HopCounter.deadLettered);
  const quantiles = (base: number) => {
    const [p50, p99] = quantilesOf(counts, base, [0.5, 0.99]);
    return { p50: nanos(p50!), p99: nanos(p99!) };
  };
  return {
    consumer,
    steps: [...steps].sort(),
    deliveries,
    rate: rateOf(deliveries, seconds),
    failed: of(HopCounter.failed) + deadLettered,
    deadLettered,
    recovered: of(HopCounter.recovered),
    attempts: of(HopCounter.attempts),
    attemptsFailed: of(HopCounter.attemptsFailed),
    waitNano: quantiles(HopCounter.wait),
    workNano: quantiles(HopCounter.work),
  };
}

function lengthOf(sums: readonly TallySum[]): number {
  let first: bigint | null = null;
  let last = 0n;
  for (const { tally } of sums) {
    if (first === null || tally.firstUnixNano < first) first = tally.firstUnixNano;
    if (tally.lastUnixNano > last) last = tally.lastUnixNano;
  }
  return first === null ? 0 : Number(last - first) / NANOS_PER_SECOND;
}

/** Three significant digits: more would feign precision. A rate over less than a second says nothing. */
function rateOf(count: number, seconds: number): number {
  return seconds < 1 ? count : Number((count / seconds).toPrecision(3));
}

function nanos(value: number | null): string | null {
  return value === null ? null : String(Math.round(value));
}

function add(set: Set<string>, name: string | null | undefined): void {
  if (name !== null && name !== undefined && name !== '') set.add(name);
}
