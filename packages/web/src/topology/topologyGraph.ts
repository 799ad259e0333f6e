import type { Topology, TopologyConsumer } from '@upshot/api-contract';
import type { Static } from 'typebox';
import type { HopHealth } from '../propagation/propagation.js';
import type { Box, Link } from '../workflow/graph/placement.js';
import { groupBy } from '../workflow/model/groupBy.js';

export type TopologyAnswer = Static<typeof Topology>;
export type ConsumerHealth = Static<typeof TopologyConsumer>;

/** An event of one name, in whatever environments it was seen. */
interface Stream {
  readonly eventName: string;
  readonly producers: readonly string[];
  /** Events a second. */
  readonly rate: number;
  readonly consumers: readonly ConsumerHealth[];
}

/** Events of one name as one: the map shows all environments at once. */
export function streamsOf(topology: TopologyAnswer): Stream[] {
  return [...groupBy(topology.events, ({ eventName }) => eventName)].map(([eventName, alike]) => ({
    eventName,
    producers: [...new Set(alike.flatMap(({ producers }) => producers))],
    rate: alike.reduce((sum, { rate }) => sum + rate, 0),
    consumers: [
      ...groupBy(
        alike.flatMap(({ consumers }) => consumers),
        ({ consumer }) => consumer,
      ).values(),
    ].map(summed),
  }));
}

/** Counts add up; how long things took is told of the busiest. */
function summed(parts: readonly ConsumerHealth[]): ConsumerHealth {
  const busiest = [...parts].sort((a, b) => b.deliveries - a.deliveries)[0]!;
  const sum = (of: (part: ConsumerHealth) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    ...busiest,
    steps: [...new Set(parts.flatMap(({ steps }) => steps))],
    deliveries: sum(({ deliveries }) => deliveries),
    rate: sum(({ rate }) => rate),
    failed: sum(({ failed }) => failed),
    deadLettered: sum(({ deadLettered }) => deadLettered),
    recovered: sum(({ recovered }) => recovered),
  };
}

/** A service on the map: what it consumes and what it publishes. */
export interface Place {
  readonly name: string;
  readonly consumes: readonly (ConsumerHealth & { readonly eventName: string })[];
  readonly publishes: readonly {
    readonly eventName: string;
    readonly deliveries: number;
    readonly rate: number;
  }[];
}

export interface Road {
  readonly id: string;
  readonly from: string;
  readonly eventName: string;
  readonly to: string;
  readonly health: ConsumerHealth;
  readonly certainty: 'declared' | 'stitched' | 'guessed';
}

/** Pixels; the style sheet draws to the same. */
export const PLACE = {
  width: 226,
  head: 34,
  steps: 18,
  row: 19,
  pill: 32,
  foot: 7,
  out: 11,
  pillHeight: 24,
  /** Kept free behind each place for what a way says before the next one. */
  words: 72,
} as const;

export function placesOf(streams: readonly Stream[]): Place[] {
  const places = new Map<
    string,
    { name: string; consumes: Place['consumes'][number][]; publishes: Place['publishes'][number][] }
  >();
  const at = (name: string) => {
    const place = places.get(name) ?? { name, consumes: [], publishes: [] };
    places.set(name, place);
    return place;
  };
  for (const { eventName, producers, rate, consumers } of streams) {
    const deliveries = consumers.reduce((sum, one) => sum + one.deliveries, 0);
    for (const producer of producers) at(producer).publishes.push({ eventName, deliveries, rate });
    for (const consumer of consumers) at(consumer.consumer).consumes.push({ ...consumer, eventName });
  }
  return [...places.values()];
}

/** The ways from producers to consumers, each as sure as most of its deliveries; what the server does not say counts as declared. */
export function roadsOf(streams: readonly Stream[], hops: readonly HopHealth[]): Road[] {
  return streams.flatMap(({ eventName, producers, consumers }) =>
    producers.flatMap((from) =>
      consumers
        .filter(({ consumer }) => consumer !== from)
        .map((health) => ({
          id: `${from}>${eventName}>${health.consumer}`,
          from,
          eventName,
          to: health.consumer,
          health,
          certainty: certaintyOf(hops, from, eventName, health.consumer),
        })),
    ),
  );
}

function certaintyOf(
  hops: readonly HopHealth[],
  producer: string,
  eventName: string,
  consumer: string,
): Road['certainty'] {
  const hop = hops.find(
    (one) => one.producer === producer && one.eventName === eventName && one.consumer === consumer,
  );
  if (!hop || hop.declared * 2 >= hop.deliveries) return 'declared';
  return hop.stitched >= hop.unlinked ? 'stitched' : 'guessed';
}

export function placeHeight(place: Place): number {
  const body = place.consumes.length > 0 ? PLACE.steps + 3 * PLACE.row : 6;
  return (
    PLACE.head + body + place.publishes.length * PLACE.pill + (place.publishes.length > 0 ? PLACE.foot : 4)
  );
}

/** The height, within its place, at which the ways of an event begin. */
export function roadStart(place: Place, eventName: string): number {
  const at = place.publishes.findIndex((one) => one.eventName === eventName);
  const below = place.publishes.length - 1 - Math.max(0, at);
  return placeHeight(place) - PLACE.foot - PLACE.pillHeight / 2 - below * PLACE.pill;
}

export function boxesAndLinks(
  places: readonly Place[],
  roads: readonly Road[],
): { boxes: Box[]; links: Link[] } {
  const byName = new Map(places.map((place) => [place.name, place]));
  const ins = new Map<string, number>();
  return {
    boxes: places.map((place) => ({
      id: place.name,
      width: PLACE.width + PLACE.words,
      height: placeHeight(place),
    })),
    links: roads.map((road) => {
      const number = ins.get(road.to) ?? 0;
      ins.set(road.to, number + 1);
      const most = Math.max(18, placeHeight(byName.get(road.to)!) - 10);
      return {
        id: road.id,
        from: road.from,
        fromY: roadStart(byName.get(road.from)!, road.eventName),
        to: road.to,
        toY: Math.min(18 + number * 18, most),
      };
    }),
  };
}

/** How wide a way is drawn: by its deliveries a minute, on a scale that lets one and a thousand both be seen. */
export function roadWidth(perMinute: number): number {
  return 1.4 + 2.1 * Math.log10(1 + 1.4 * perMinute);
}

/** All that a place consumes, as one. */
export function totalOf(place: Place): {
  deliveries: number;
  failed: number;
  deadLettered: number;
  recovered: number;
} {
  const sum = { deliveries: 0, failed: 0, deadLettered: 0, recovered: 0 };
  for (const one of place.consumes) {
    sum.deliveries += one.deliveries;
    sum.failed += one.failed;
    sum.deadLettered += one.deadLettered;
    sum.recovered += one.recovered;
  }
  return sum;
}
