/** What is particular about a transport: an adapter states it once. */
export interface Transport {
  /** The system's name in OpenTelemetry's registry (`kafka`, `rabbitmq`, `aws_sqs`), or its common name. */
  readonly system: string;
  /**
   * The prefix of CloudEvents attributes in this transport's binding: `ce_` (Kafka), `ce-` (HTTP, NATS), `cloudEvents_` (AMQP), "" (MQTT 5).
   * null: none are written. By default `ce-`.
   */
  readonly cloudEvents?: string | null;
  /** Headers that a message may have in all, those of the application included: 10 for SQS. By default there is no limit. */
  readonly mostHeaders?: number;
  /** Bytes that our headers may take, names and values. By default 8192. */
  readonly mostHeaderBytes?: number;
  /**
   * Names of the official auto-instrumentations of the same library (`@opentelemetry/instrumentation-kafkajs`). A consumer span that one of
   * them has made is adopted and enriched; a producer span of theirs is suppressed in favour of ours. So there is one span either way.
   */
  readonly instrumentations?: readonly string[];
}

/** A transport of which nothing is known. */
export const ANY_TRANSPORT: Transport = { system: '' };
