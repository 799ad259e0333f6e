/** The map of events and who consumes them, in the time asked for. */
export interface Topology {
  readonly events: readonly TopologyEvent[];
  /** Up to when what was received is counted, Unix nanoseconds. */
  readonly asOf: string;
}

export interface TopologyEvent {
  readonly eventName: string;
  readonly environment: string;
  readonly producers: readonly string[];
  readonly destinations: readonly string[];
  readonly systems: readonly string[];
  /** Published; of events whose publish was not received, those that consumers told of. */
  readonly published: number;
  /** Per second, over the time asked for or, where none was, between the first and the last. */
  readonly rate: number;
  readonly consumers: readonly TopologyConsumer[];
}

export interface TopologyConsumer {
  readonly consumer: string;
  readonly steps: readonly string[];
  readonly deliveries: number;
  /** Deliveries per second. */
  readonly rate: number;
  /** Failed for good or dead-lettered, as in a workflow's counts. */
  readonly failed: number;
  readonly deadLettered: number;
  readonly recovered: number;
  readonly attempts: number;
  readonly attemptsFailed: number;
  /** Nanoseconds as decimal strings, within 2 %; null where none was measured. */
  readonly waitNano: { readonly p50: string | null; readonly p99: string | null };
  readonly workNano: { readonly p50: string | null; readonly p99: string | null };
}
