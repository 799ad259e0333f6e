import type { DeliveryLesson, PublishLesson, Side } from '@upshot/causality';

/** What distinguishes one series of deliveries. Releases and libraries of both sides are told apart, so that a deploy that broke something shows. */
export interface HopSeries {
  readonly producer: string;
  readonly eventName: string;
  readonly destination: string | null;
  readonly consumer: string;
  readonly environment: string;
  readonly proof: DeliveryLesson['proof'];
  readonly kind: DeliveryLesson['kind'];
  readonly producerSide: Side | null;
  readonly consumerSide: Side | null;
  readonly steps: readonly string[];
}

export interface PublishSeries {
  readonly eventName: string;
  readonly destination: string | null;
  readonly environment: string;
  readonly producerSide: Side;
}

/** Kinds of tally. */
export const HOP = 'hop';
export const PUBLISH = 'publish';

/** What the counters of a hop mean. Numbers are part of what is stored and never change meaning. */
export const HopCounter = {
  deliveries: 1,
  workflows: 2,
  namesMissingParent: 3,
  byRecords: 4,
  attempts: 5,
  attemptsFailed: 6,
  succeeded: 10,
  recovered: 11,
  failed: 12,
  deadLettered: 13,
  retrying: 14,
  /** Waiting or processing. */
  open: 15,
  /** Where the bins of waits and of work begin. */
  wait: 10_000,
  work: 20_000,
} as const;

export const PublishCounter = { events: 1, consumed: 2, continued: 3, contextLost: 4 } as const;

export function hopSeriesOf(lesson: DeliveryLesson): string {
  const { producer, eventName, destination, consumer } = lesson.hop;
  return JSON.stringify([
    producer,
    eventName,
    destination,
    consumer,
    lesson.environment,
    lesson.proof,
    lesson.kind,
    packSide(lesson.producer),
    packSide(lesson.consumer),
    lesson.steps.slice(0, 10),
  ]);
}

export function parseHopSeries(series: string): HopSeries {
  const [producer, eventName, destination, consumer, environment, proof, kind, from, to, steps] = JSON.parse(
    series,
  ) as [
    string,
    string,
    string | null,
    string,
    string,
    HopSeries['proof'],
    HopSeries['kind'],
    PackedSide | null,
    PackedSide | null,
    string[],
  ];
  const sides = { producerSide: unpackSide(from), consumerSide: unpackSide(to) };
  return { producer, eventName, destination, consumer, environment, proof, kind, ...sides, steps };
}

export function publishSeriesOf({
  eventName,
  destination,
  environment,
  producer,
}: Pick<PublishLesson, 'eventName' | 'destination' | 'environment' | 'producer'>): string {
  return JSON.stringify([eventName, destination, environment, packSide(producer)]);
}

export function parsePublishSeries(series: string): PublishSeries {
  const [eventName, destination, environment, side] = JSON.parse(series) as [
    string,
    string | null,
    string,
    PackedSide,
  ];
  return { eventName, destination, environment, producerSide: unpackSide(side)! };
}

type PackedSide = readonly [
  service: string,
  version: string,
  library: string,
  language: string,
  system: string,
];

function packSide(side: Side | null): PackedSide | null {
  return side === null ? null : [side.service, side.version, side.library, side.language, side.system];
}

function unpackSide(packed: PackedSide | null): Side | null {
  if (packed === null) return null;
  const [service, version, library, language, system] = packed;
  return { service, version, library, language, system };
}
