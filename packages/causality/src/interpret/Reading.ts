import type { EventRecord, FailureCause, Span } from '@upshot/model';

/**
 * What a span does for a workflow.
 * - `publish`: it published one event or several
 * - `process`: it worked on one event or several: an attempt of each
 * - `receive`: it fetched events; an attempt only where no `process` span stands below it
 * - `settle`: it acknowledged, rejected or moved an event
 * - `step`: anything else
 */
export type Role = 'publish' | 'process' | 'receive' | 'settle' | 'step';

export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
}

/** One message that a span speaks of, by whatever it says about it. Nothing here is unique by itself. */
export interface MessageRef {
  readonly eventId: string | null;
  /** What the broker calls the message, where that is another ID: all that a consumer has of a message whose headers were lost. */
  readonly transportId: string | null;
  /** The CloudEvents source: with it, the ID is unique by itself. */
  readonly eventSource: string | null;
  readonly partition: string | null;
  readonly offset: string | null;
  readonly messageKey: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  /** The span that the message's own link names. */
  readonly link: SpanContext | null;
}

/** The place of one record in a log: a topic's partition. */
export interface Position {
  readonly destination: string;
  readonly partition: string;
  readonly offset: string;
}

/** What a consumer decided about a failed message. */
export type Verdict = 'retry' | 'dead-letter' | null;

/** An event record, with the identity under which it is stored. */
export interface RecordReading {
  readonly identity: string;
  readonly record: EventRecord;
}

/** One span, read by its vocabulary: what it says, in the words of the model. Judged by this span alone. */
export interface Reading {
  /** Unique among readings and the same whatever the order of arrival. */
  readonly id: string;
  /** The span; for records without one, a span made from what they say. */
  readonly span: Span;
  /** False where no span is stored behind this reading, only records. */
  readonly stored: boolean;
  /** The event records that speak of the same publish or the same attempt. */
  readonly records: readonly RecordReading[];
  readonly role: Role;
  /** True where the operation is a `create`: the message's own span, beside a `send` that carries many. */
  readonly creates: boolean;
  /** True where no attribute and no name said what the span does, only its kind. */
  readonly roleByKind: boolean;
  readonly service: string;
  readonly environment: string;
  readonly system: string | null;
  readonly destination: string | null;
  readonly routingKey: string | null;
  /** All names by which producer or consumer may know the place: destination, routing key, queue. */
  readonly places: readonly string[];
  readonly eventName: string;
  /** True where a type, a task or a job named the event; false where only its place did. */
  readonly eventTyped: boolean;
  readonly consumer: string;
  /** The consumer's name by the span alone, where a record names it otherwise. */
  readonly consumerAlias: string | null;
  /** How explicitly the consumer was named: lower is more explicit (0 = `upshot.consumer`). */
  readonly consumerRank: number;
  /** The name of the business step; null where the span's name is but a transport phrase. */
  readonly step: string | null;
  readonly layer: 'business' | 'transport';
  /** Of a publish, process, receive or settle span: at least one. */
  readonly messages: readonly MessageRef[];
  readonly correlationId: string | null;
  readonly causationId: string | null;
  /** The cluster of brokers, where the span names it. */
  readonly cluster: string | null;
  /** Messages that the span says it carries; null where it doesn't say. */
  readonly batchCount: number | null;
  /** The number of the attempt as the span states it, from 1. */
  readonly attempt: number | null;
  readonly outcome: 'running' | 'succeeded' | 'failed' | 'skipped';
  readonly error: FailureCause | null;
  readonly verdict: Verdict;
  /** Of a batch that failed: the one message that failed, if the span says; those of its partition before it are done. */
  readonly failedAt: Position | null;
  /** Where a dead-lettered message was put, if the span says. */
  readonly deadLetterDestination: string | null;
  /** Of a message that its headers call a dead letter: the place that it comes from. */
  readonly deadLetterOf: string | null;
  /** Two different reports under one identity, or IDs that had to be cut: reasons in words. */
  readonly mended: readonly string[];
}
