/** Propagation health of one hop in the time asked for. Times are Unix nanoseconds as decimal strings. */
export interface HopHealth {
  /** "" where unknown. */
  readonly producer: string;
  readonly eventName: string;
  readonly destination: string | null;
  readonly consumer: string;
  readonly environment: string;
  /** `declared` + `stitched` + `unlinked`. */
  readonly deliveries: number;
  /** Joined by parent or link. */
  readonly declared: number;
  /** Joined by `event-id`, `causation-id` or `broker-position`. */
  readonly stitched: number;
  /** Joined by `correlation-id`, `inferred`, or not at all. */
  readonly unlinked: number;
  /** Deliveries that lost their context: without what event records told, and what names a parent that has not arrived. */
  readonly broken: number;
  readonly state: 'whole' | 'broken' | 'mended';
  readonly fault: 'producer' | 'consumer' | 'broker' | 'nobody' | 'unknown';
  readonly proof: string;
  /** What to change, for the library and release at fault; "" where nothing needs mending. */
  readonly fix: string;
  readonly others: readonly {
    readonly consumer: string;
    readonly declared: number;
    readonly deliveries: number;
  }[];
  /** Keys of workflows: one of each sort. */
  readonly examples: readonly string[];
  readonly exampleOf: { readonly declared?: string; readonly stitched?: string; readonly unlinked?: string };
  readonly firstSeenUnixNano: string;
  readonly lastSeenUnixNano: string;
  /** The last workflow in which the hop was whole; null: never. */
  readonly lastWholeUnixNano: string | null;
  /** Where and with which release the loss began; null while whole. */
  readonly brokenSince: {
    readonly unixNano: string;
    readonly service: string;
    /** `service.version`; "" where not told. */
    readonly version: string;
    /** The version with which it was whole; "" where not known. */
    readonly versionBefore: string;
  } | null;
  readonly workflowsCut: number;
  readonly trend: readonly {
    readonly fromUnixNano: string;
    readonly toUnixNano: string;
    readonly declared: number;
    readonly stitched: number;
    readonly unlinked: number;
  }[];
}

/** One cause of broken propagation, over all hops that it cuts, in one sentence. */
export interface PropagationFault {
  readonly sentence: string;
  readonly fault: HopHealth['fault'];
  readonly producer: string;
  readonly eventName: string;
  readonly destination: string | null;
  readonly environment: string;
  readonly consumers: readonly string[];
  readonly workflows: number;
  readonly sinceUnixNano: string;
  readonly fix: string;
  readonly examples: readonly string[];
}

export interface Propagation {
  readonly hops: readonly HopHealth[];
  /** The worst first. */
  readonly faults: readonly PropagationFault[];
  /** Up to when all that was received is counted, Unix nanoseconds. */
  readonly asOf: string;
  /** Of how many workflows one is counted of what came after that; 1: none is. */
  readonly sampledOneIn: number;
}
