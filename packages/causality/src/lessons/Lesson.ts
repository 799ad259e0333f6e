import type { DeliveryStatus, Evidence, Finding, Hop, WorkflowStatus } from '@upshot/model';
import type { ServiceCompliance } from '../answers/conventions/complianceOf.js';

/** What one workflow teaches about the hops and services that it went through. Facts of this workflow alone; summing is done elsewhere. */
export interface Lesson {
  readonly status: WorkflowStatus;
  readonly deliveries: readonly DeliveryLesson[];
  readonly publishes: readonly PublishLesson[];
  readonly findings: readonly Finding[];
  /** How far each service kept the conventions; none where there are no rules. */
  readonly compliance: readonly ServiceCompliance[];
}

/** One side of a hop: which release of which service, through which instrumentation. "" where unknown. */
export interface Side {
  readonly service: string;
  /** `service.version`. */
  readonly version: string;
  /** The instrumentation scope, as `name@version`. */
  readonly library: string;
  /** `telemetry.sdk.language`. */
  readonly language: string;
  readonly system: string;
}

/**
 * How a delivery was joined to its event. `declared`: by parent or link. `stitched`: by an ID that both name. `unlinked`: by a guess, or not at all.
 */
export type Proof = 'declared' | 'stitched' | 'unlinked';

export interface DeliveryLesson {
  readonly hop: Hop;
  readonly environment: string;
  /** Null where nothing that published the event was received. */
  readonly producer: Side | null;
  readonly consumer: Side | null;
  readonly proof: Proof;
  readonly evidence: readonly Evidence[];
  /** The consumer names a parent or link that has not arrived: who published is elsewhere, and the context may be sound. */
  readonly namesMissingParent: boolean;
  /** Told by event records alone, which declare their causes by ID. */
  readonly byRecords: boolean;
  /** Of a message that a broker moved to its dead letters, or that was replayed from there. */
  readonly kind: 'event' | 'dead-letter' | 'replay';
  readonly steps: readonly string[];
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly attemptsFailed: number;
  /** From the publish to the first attempt, nanoseconds; null where unknown or where clocks contradict each other. */
  readonly waitNano: bigint | null;
  /** Of all attempts together, nanoseconds; null while none has ended. */
  readonly workNano: bigint | null;
}

export interface PublishLesson {
  readonly eventName: string;
  readonly destination: string | null;
  readonly environment: string;
  readonly producer: Side;
  /** Somebody was seen to consume it. */
  readonly consumed: boolean;
  /** A consumer continued its context by parent or link. */
  readonly continued: boolean;
  /** The context of an attempt ended here: the publish is joined to its cause by something weaker than parent or link, or by nothing though it names one. */
  readonly contextLost: boolean;
}
