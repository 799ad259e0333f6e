/**
 * The one table of message headers: which header says which concept, the more explicit first. Names in lower case: they are compared so,
 * for HTTP and many clients fold them. Headers that carry a trace context have forms of their own and are read by the SDK, by family.
 *
 * Sources: W3C Trace Context and Baggage, CloudEvents 1.0 with its protocol bindings and correlation extension, and the headers that the
 * named libraries write.
 */
export const HEADERS = {
  /** ID of the event that the message carries. */
  eventId: [
    'upshot-event-id',
    'ce_id',
    'ce-id',
    'cloudevents_id',
    'cloudevents:id',
    'nservicebus.messageid',
    'rbs2-msg-id', // Rebus
    'axon-message-id',
    'messageid', // MassTransit
    'message-id',
    'nats-msg-id',
  ],
  eventName: [
    'upshot-event-name',
    'ce_type',
    'ce-type',
    'cloudevents_type',
    'cloudevents:type',
    'nservicebus.enclosedmessagetypes', // assembly-qualified, semicolon-separated
    'mt-messagetype', // MassTransit: urn:message:A:B
    'rbs2-msg-type',
    'message-type', // Wolverine
    'axon-message-type',
    '__typeid__', // Spring's JSON
  ],
  correlationId: [
    'upshot-correlation-id',
    'ce_correlationid',
    'ce-correlationid',
    'cloudevents_correlationid',
    'cloudevents:correlationid',
    'nservicebus.conversationid', // CorrelationId there is that of a reply
    'conversationid', // MassTransit; CorrelationId there is that of one message
    'rbs2-corr-id',
    '$correlationid', // EventStoreDB
    'kafka_correlationid', // Spring
    'correlation_id', // Watermill
    'x-correlation-id',
    'correlation-id', // Wolverine
    'correlationid', // Spring, CloudEvents over MQTT 5
  ],
  /** ID of the event that directly caused this one. */
  causationId: [
    'upshot-causation-id',
    'ce_causationid',
    'ce-causationid',
    'cloudevents_causationid',
    'cloudevents:causationid',
    'nservicebus.relatedto',
    'mt-initiatorid',
    'rbs2-in-reply-to',
    '$causationid',
    'x-causation-id',
    'causation-id',
    'causationid',
  ],
  /** The number of this attempt, from 1. */
  attempt: [
    'kafka_deliveryattempt', // Spring, 4 bytes
    'retry_topic-attempts', // Spring, 4 bytes
    'deliveryattempt',
    'googclient_deliveryattempt',
    'rbs2-delivery-count',
  ],
  /** Tries before this one, from 0. */
  retries: ['mt-redelivery-count', 'x-delivery-count'],
} as const satisfies Record<string, readonly string[]>;

/** A concept that a message header may state. */
export type HeaderConcept = keyof typeof HEADERS;

/** What the SDK writes beside W3C's `traceparent`, `tracestate` and `baggage`. */
export const UPSHOT_HEADERS = {
  eventId: 'upshot-event-id',
  eventName: 'upshot-event-name',
  correlationId: 'upshot-correlation-id',
  causationId: 'upshot-causation-id',
  /** All four in one, form-encoded as `id=…&event=…&correlation=…&causation=…`, where a transport has few headers. */
  packed: 'upshot',
} as const;
