import type {
  PropagationFault as FaultSchema,
  HopHealth as HopSchema,
  Propagation,
} from '@upshot/api-contract';
import type { Static } from 'typebox';

/** A hop with how its causality was kept, as the API answers it. */
export type HopHealth = Static<typeof HopSchema>;
/** One cause of broken propagation, over all hops that it cuts. */
export type PropagationFault = Static<typeof FaultSchema>;
export type PropagationAnswer = Static<typeof Propagation>;

export interface Shares {
  readonly deliveries: number;
  readonly declared: number;
  readonly stitched: number;
  readonly unlinked: number;
  /** Of them, those that lost their context: IDs in event records are declarations and lose none. */
  readonly broken: number;
}

export function hopId(
  hop: Pick<HopHealth, 'producer' | 'eventName' | 'destination' | 'consumer' | 'environment'>,
): string {
  return [hop.producer, hop.eventName, hop.destination ?? '', hop.consumer, hop.environment].join(' → ');
}

export function sumOf(hops: readonly Shares[]): Shares {
  return hops.reduce<Shares>(
    (sum, hop) => ({
      deliveries: sum.deliveries + hop.deliveries,
      declared: sum.declared + hop.declared,
      stitched: sum.stitched + hop.stitched,
      unlinked: sum.unlinked + hop.unlinked,
      broken: sum.broken + hop.broken,
    }),
    { deliveries: 0, declared: 0, stitched: 0, unlinked: 0, broken: 0 },
  );
}

export function isBroken(hop: Shares): boolean {
  return hop.broken > 0;
}

/** What is not sound first, the most of it first; what is sound by its deliveries. */
export function byTrouble(a: HopHealth, b: HopHealth): number {
  return (
    b.broken - a.broken ||
    b.unlinked - a.unlinked ||
    b.stitched - a.stitched ||
    b.deliveries - a.deliveries ||
    (hopId(a) < hopId(b) ? -1 : 1)
  );
}

/** Who is at fault, by name; null where nobody is, or nobody knows. */
export function culpritOf(hop: HopHealth): string | null {
  switch (hop.fault) {
    case 'producer':
      return hop.producer || 'an unknown producer';
    case 'consumer':
      return hop.consumer;
    case 'broker':
      return hop.destination ? `the broker, at ${hop.destination}` : 'the broker';
    case 'nobody':
    case 'unknown':
      return null;
  }
}

export interface Matrix {
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
  /** Hops from a producer to a consumer, of all their events. */
  cell(producer: string, consumer: string): readonly HopHealth[];
  readonly faultyProducers: ReadonlySet<string>;
  readonly faultyConsumers: ReadonlySet<string>;
}

/** Producers by consumers, each in the order in which the answer first names it. */
export function matrixOf(hops: readonly HopHealth[]): Matrix {
  const cells = new Map<string, HopHealth[]>();
  for (const hop of hops) {
    const key = `${hop.producer}\0${hop.consumer}`;
    cells.set(key, [...(cells.get(key) ?? []), hop]);
  }
  return {
    producers: [...new Set(hops.map(({ producer }) => producer))],
    consumers: [...new Set(hops.map(({ consumer }) => consumer))],
    cell: (producer, consumer) => cells.get(`${producer}\0${consumer}`) ?? [],
    faultyProducers: new Set(hops.flatMap((hop) => (hop.fault === 'producer' ? [hop.producer] : []))),
    faultyConsumers: new Set(hops.flatMap((hop) => (hop.fault === 'consumer' ? [hop.consumer] : []))),
  };
}
