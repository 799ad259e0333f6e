import type { CheckedPhase, Field, Severity } from './Rules.js';

/** A publish or an attempt as it shows itself: what the rules are held against. A sender can fill it, and so can a reader of telemetry. */
export interface Checked {
  readonly phase: CheckedPhase;
  /** `service.name`; "" where it is not known. */
  readonly service: string;
  /** "" where it has none. */
  readonly eventName: string;
  /** The consumer's name in answers, even where it fell back to the service; "" of a publish. */
  readonly consumer: string;
  /** The fields that it states itself. `consumerName`: an explicit one, a handler, subscription, group or queue; never the service's name. */
  readonly states: ReadonlySet<Field>;
  /** The span's name; "" where no span is behind it. */
  readonly spanName: string;
  /** The business step that it states, or that stands right below it; null where there is none. */
  readonly step: string | null;
  /** Destination, routing key, queue: what a name may be a phrase of. */
  readonly places: readonly string[];
  /** Attribute keys that were sent with it. */
  readonly attributes: Iterable<string>;
  /** Which attempt it is, from 1; null of a publish. */
  readonly attempt: number | null;
  /** Whether it came as an event record rather than as a span: the fix is another one. */
  readonly isRecord: boolean;
}

/** One rule broken by one thing. */
export interface Violation {
  /** Its path in the file: `requiredFields.traceId`, `spanNaming.style`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Who broke it. */
  readonly service: string;
  /** What broke it: the name of an event, a step, a span or an attribute. With rule and service it is the same sin every time. */
  readonly name: string;
  /** A sentence without its full stop. */
  readonly message: string;
  /** What to change, with the line to write. */
  readonly fix: string;
}

/** What a check found, before its weight and the exceptions are known. */
export type Breach = Omit<Violation, 'severity' | 'service'>;
