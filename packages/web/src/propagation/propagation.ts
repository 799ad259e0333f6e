import type { Hop } from '@upshot/model';

/** A hop with how its causality was kept, as `/api/propagation` answers it. */
export interface HopHealth extends Hop {
  readonly deliveries: number;
  readonly declared: number;
  readonly stitched: number;
  readonly unlinked: number;
  readonly fault: 'producer' | 'consumer' | 'broker' | 'nobody' | 'unknown';
  readonly proof: unknown;
  readonly fix: string | null;
  readonly others: readonly {
    readonly consumer: string;
    readonly declared: number;
    readonly deliveries: number;
  }[];
  readonly examples: readonly string[];
}

export interface PropagationAnswer {
  readonly hops: readonly HopHealth[];
}

export interface Shares {
  readonly deliveries: number;
  readonly declared: number;
  readonly stitched: number;
  readonly unlinked: number;
}

export function hopId(hop: Hop): string {
  return [hop.producer, hop.eventName, hop.destination ?? '', hop.consumer].join(' → ');
}

export function sumOf(hops: readonly Shares[]): Shares {
  return hops.reduce<Shares>(
    (sum, hop) => ({
      deliveries: sum.deliveries + hop.deliveries,
      declared: sum.declared + hop.declared,
      stitched: sum.stitched + hop.stitched,
      unlinked: sum.unlinked + hop.unlinked,
    }),
    { deliveries: 0, declared: 0, stitched: 0, unlinked: 0 },
  );
}

export function isBroken(hop: Shares): boolean {
  return hop.stitched + hop.unlinked > 0;
}

/** What is not sound first, the most of it first; what is sound by its deliveries. */
export function byTrouble(a: HopHealth, b: HopHealth): number {
  return (
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
