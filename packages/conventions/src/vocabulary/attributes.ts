/**
 * The one table of attribute keys: which key says which concept, the more explicit and newer ones first.
 *
 * Two readers come from it and from nothing else: the byte-level extraction of look-up keys at ingest, and the readers that
 * interpret spans at query time. A key that stands here is found by both; one that does not is found by neither.
 * Sources: OpenTelemetry semantic conventions 1.0 to 1.45 (messaging, cloudevents), and the emissions of the named libraries.
 */

/** Raised whenever a key is added to or moved in the table: rows carry the version under which their keys were extracted. */
export const VOCABULARY_VERSION = 3;

/**
 * A header of a message that an agent captured, by the names that it may stand under: OpenTelemetry's agents write
 * `messaging.header.<name>` in lower case, with `-` as `_` in the old form and as it is in the new one.
 */
function header(...names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const old = name.replaceAll('-', '_');
    return old === name
      ? [`messaging.header.${name}`]
      : [`messaging.header.${old}`, `messaging.header.${name}`];
  });
}

/** A concept that an attribute of a span, of a link or of a resource may state. */
export type Concept = keyof typeof ATTRIBUTES;

/**
 * Concept → attribute keys in order of precedence: the first that is present wins.
 * IDs of one concept may stand under several keys of one span: interpretation takes the first, extraction takes all.
 */
export const ATTRIBUTES = {
  /** The messaging system, as its name in the OpenTelemetry registry. */
  system: ['messaging.system.name', 'messaging.system'],
  /** ID of one event: a message ID, unique at most within its system and destination. */
  eventId: [
    'upshot.event_id',
    'cloudevents.event_id', // with cloudevents.event_source it is the CloudEvents identity
    'messaging.masstransit.message_id', // logical; messaging.message.id is the transport's
    'nservicebus.message_id',
    'axon_message_id',
    'messaging.message.id',
    'messaging.message_id', // ≤ 1.16
    'bullmq.job.id', // a counter per queue
    'pubsub.message_id', // Datadog
    ...header('ce-id', 'cloudevents:id', 'cloudevents_id', 'event-id', 'eventid', 'message-id'),
    ...header('nservicebus.messageid', 'rbs2-msg-id'),
  ],
  /**
   * The ID under which the broker, or its client, knows a message that names an event of its own: SQS's MessageId, the ID of a Redis entry or of a BullMQ
   * job. Each is keyed as an event ID.
   */
  transportId: ['messaging.message.id', 'messaging.message_id', 'bullmq.job.id'],
  eventSource: [
    'cloudevents.event_source',
    ...header('ce-source', 'cloudevents:source', 'cloudevents_source'),
  ],
  eventName: [
    'upshot.event',
    'cloudevents.event_type',
    'messaging.masstransit.message_types', // urn:message:A:B, comma-separated
    'nservicebus.enclosed_message_types', // assembly-qualified, semicolon-separated
    'messaging.message_type', // Wolverine
    'celery.task_name',
    'bullmq.job.name',
    'axon_payload_type',
    'axon_message_name',
    'messaging.sidekiq.job_class',
    'messaging.resque.job_class',
    ...header('ce-type', 'cloudevents:type', 'cloudevents_type', 'event-type', 'eventtype'),
    ...header('nservicebus.enclosedmessagetypes', 'rbs2-msg-type', 'mt-messagetype'),
  ],
  correlationId: [
    'upshot.correlation_id',
    'messaging.message.conversation_id',
    'messaging.conversation_id', // ≤ 1.16
    'nservicebus.conversation_id',
    'messaging.masstransit.correlation_id',
    'cloudevents.correlationid',
    'axon_metadata_traceId', // Axon 4, where `correlationId` is the cause
    'axon_metadata_correlationId', // Axon 5
    ...header('ce-correlationid', 'cloudevents:correlationid', 'cloudevents_correlationid'),
    ...header(
      'correlation-id',
      'x-correlation-id',
      'correlationid',
      'nservicebus.conversationid',
      'rbs2-corr-id',
    ),
  ],
  causationId: [
    'upshot.causation_id',
    'nservicebus.related_to',
    'messaging.masstransit.initiator_id',
    'axon_metadata_causationId', // Axon 5
    'cloudevents.causationid',
    'axon_metadata_correlationId', // Axon 4
    ...header('ce-causationid', 'cloudevents:causationid', 'cloudevents_causationid'),
    ...header('causation-id', 'x-causation-id', 'causationid', 'nservicebus.relatedto'),
  ],
  destination: [
    'messaging.destination.name',
    'messaging.source.name', // consumers, 1.17 to 1.20
    'messaging.destination', // ≤ 1.16
    'bullmq.queue.name',
    'messaging.masstransit.destination_address',
    'nservicebus.processing_endpoint',
    'message_bus.destination', // Azure's SDKs before 2023
    'kafka.topic', // Brave, Datadog
    'jms.queue', // Brave
    'jms.topic',
    'rabbit.exchange',
    'amqp.exchange', // Datadog
    'pubsub.topic',
  ],
  /** Whether the destination is a queue or a topic. */
  destinationKind: [
    'messaging.destination_kind',
    'messaging.destination.kind',
    'messaging.source.kind',
    'messaging.source_kind',
  ],
  /** Amazon's addresses of queues and topics, whose last part is the name. */
  address: [
    'aws.sqs.queue.url',
    'aws.queue_url',
    'aws.queue.url',
    'aws.sns.topic.arn',
    'aws.topic.arn',
    'messaging.url',
    'url.full',
  ],
  routingKey: [
    'rabbitmq.destination.routing_key',
    'messaging.rabbitmq.destination.routing_key',
    'messaging.rabbitmq.routing_key',
    'rabbit.routing_key', // Brave
    'amqp.routingKey', // Datadog
  ],
  /** The consumer as its own instrumentation names it. */
  consumer: ['upshot.consumer'],
  handler: ['messaging.masstransit.consumer_type', 'nservicebus.handler.handler_type', 'rebus.handler.type'],
  subscription: [
    'messaging.destination.subscription.name',
    'messaging.servicebus.destination.subscription_name',
    'messaging.gcp_pubsub.destination.subscription',
    'messaging.gcp_pubsub.subscription.template',
    'pubsub.subscription', // Datadog
  ],
  consumerGroup: [
    'messaging.consumer.group.name',
    'messaging.kafka.consumer.group',
    'messaging.kafka.consumer_group',
    'messaging.rocketmq.client_group',
    'messaging.eventhubs.consumer.group',
    'spring.kafka.listener.id',
    'kafka.group_id',
    'kafka.group', // Datadog
    'messaging.consumer.id', // Java 1.17 to 1.20: "<group> - <clientId>"
    'messaging.consumer_id',
  ],
  /** Of frameworks whose endpoints retry a message as one, whatever handlers they have: the endpoint. */
  endpoint: ['nservicebus.processing_endpoint'],
  /** A queue that a consumer span names beside its exchange or topic. */
  queue: [
    'messaging.rabbitmq.queue',
    'bullmq.queue.name',
    'messaging.masstransit.input_address',
    'rabbit.queue', // Brave
    'amqp.queue', // Datadog
  ],
  operation: ['messaging.operation.type', 'messaging.operation'],
  operationName: ['messaging.operation.name'],
  /** The call to a service by RPC: how Amazon's SDKs say what they do. */
  rpcMethod: ['rpc.method', 'aws.operation'],
  batchCount: [
    'messaging.batch.message_count',
    'bullmq.job.bulk.count',
    'messaging.kafka.message_count',
    'kafka.batch_size', // Datadog
    'pubsub.batch.message_count',
  ],
  partition: [
    'messaging.destination.partition.id',
    'messaging.kafka.destination.partition',
    'messaging.kafka.source.partition',
    'messaging.kafka.partition',
    'kafka.partition',
    // JetStream counts through a stream, whichever subjects it takes: OpenTelemetry has no name for it, and these are those that services and libraries write.
    'messaging.nats.stream',
    'messaging.nats.stream.name', // nestjs-jetstream
  ],
  offset: [
    'kafka.offset',
    'messaging.kafka.offset',
    'messaging.kafka.message.offset',
    'kafka.message.offset', // Datadog
    'messaging.nats.sequence', // of the stream
    'messaging.nats.message.stream_sequence', // nestjs-jetstream
  ],
  messageKey: [
    'kafka.message.key',
    'messaging.kafka.message.key',
    'messaging.kafka.message_key',
    'kafka.key',
    'kafka.message_key',
    'gcp.pubsub.message.ordering_key',
    'messaging.gcp_pubsub.message.ordering_key',
  ],
  /** The number of the attempt, from 1. */
  attempt: [
    'upshot.attempt',
    'bullmq.job.attempts.made',
    'messaging.bullmq.job.attempts',
    'azure.servicebus.message.delivery_count',
    'messaging.servicebus.message.delivery_count',
    'gcp.pubsub.message.delivery_attempt',
    'messaging.gcp_pubsub.message.delivery_attempt',
    ...header('kafka_deliveryattempt', 'retry_topic-attempts', 'googclient_deliveryattempt'),
    ...header('rbs2-delivery-count', 'jmsxdeliverycount', 'deliveryattempt'),
  ],
  /** The number of tries before this one, from 0. */
  retries: [
    'celery.retries',
    'nservicebus.delayed_retries',
    'messaging.message.retry.count',
    ...header('mt-redelivery-count', 'nservicebus.retries', 'x-delivery-count'),
  ],
  /** The place of which a message in a dead-letter place is a dead letter. */
  deadLetterOf: header(
    'kafka_dlt-original-topic',
    'kafka_original-topic',
    'x-original-topic',
    'x-first-death-queue',
    'nservicebus.failedq',
    'rbs2-source-queue',
    'mt-fault-inputaddress',
    'topic_poisoned',
  ),
  step: ['upshot.step'],
  outcome: ['upshot.outcome'],
  /** What a consumer decided about a failed message: `retry` or `dead-letter`, and Azure's words. */
  disposition: [
    'upshot.disposition',
    'azure.servicebus.disposition_status',
    'messaging.servicebus.disposition_status',
  ],
  settleResult: ['messaging.gcp_pubsub.result', 'nservicebus.recoverability_action'],
  errorType: ['error.type', 'exception.type'],
  failedReason: ['bullmq.job.failed.reason'],
  cluster: ['kafka.cluster.id', 'messaging.kafka.cluster.id', 'kafka.cluster_id'],
  /** The service, where an integration's spans are sent under a name of their own: Datadog's `shop-kafka` of `shop`. */
  baseService: ['_dd.base_service'],
  /** Resource attributes. */
  service: ['service.name'],
  serviceVersion: ['service.version'],
  environment: ['deployment.environment.name', 'deployment.environment'],
} as const satisfies Record<string, readonly string[]>;

/** Message IDs that a client may use for the bare offset: with its place and partition, one is a position as well. */
export const IDS_OR_OFFSETS: readonly string[] = ['messaging.message.id', 'messaging.message_id'];

/** The concepts whose values become look-up keys, alone or, as a position, together. */
export const KEY_CONCEPTS = [
  'eventId',
  'correlationId',
  'causationId',
  'destination',
  'partition',
  'offset',
] as const satisfies readonly Concept[];

export type KeyConcept = (typeof KEY_CONCEPTS)[number];
