/**
 * What low-level names are: the one table. A span with such a name says how something moved, not what was done.
 * Sources: OpenTelemetry's span name conventions for messaging, HTTP, RPC and databases, in all generations, and the named libraries.
 *
 * The rule is to doubt for the business: `process orders` is a phrase of the broker only where the span itself says that `orders` is
 * a place, and `send confirmation` in a span without any sign of messaging is a step.
 */
const VERBS =
  'publish|send|produce|receive|received|process|consume|deliver|poll|create|subscribe|settle|ack|nack|reject|complete|abandon|defer|modack|extract|add|addBulk';

/** `orders publish`, `<default> publish`, `billing.dead process`: one word and the verb. */
const PLACE_VERB = new RegExp(`^(\\S+) (?:${VERBS})$`);
/** `publish orders`, `process orders`, `send to orders`, `process message from orders`. */
const VERB_PLACE = new RegExp(
  `^(?:${VERBS}|apply_async|run)(?: (?:to|from|message from|message to|batch from|batch to))?[ /](\\S+)$`,
);
/** `kafka.consume`, `amqp.deliver`, `rabbitmq.publish`, `sqs.receive`. */
const DOTTED =
  /^(?:kafka|amqp|rabbitmq|sqs|sns|nats|jms|redis|mqtt|pubsub|servicebus|eventhubs|aws\.sqs|aws\.sns|bullmq|messaging)[.\s](?:\w+\.)*(?:publish|send|produce|receive|process|consume|consumer|producer|deliver|poll|ack|nack)(?:\b.*)?$/i;
/** OpenTelemetry's conventions for CloudEvents: `CloudEvents Create com.shop.order.placed`. */
const CLOUDEVENTS = /^CloudEvents (?:Create|Process)(?: .*)?$/;
/** AMQP methods, as Java's RabbitMQ instrumentation names its client spans: `basic.qos`, `queue.declare`. */
const AMQP_METHOD = /^(?:basic|queue|exchange|channel|connection|confirm|tx)\.[a-z][a-z-]*$/;
/** Python's Kafka poll, NServiceBus' fixed names. */
const FIXED = new Set(['recv', 'poll', 'send message', 'process message', 'publish event', 'reply']);

const HTTP = /^(?:HTTP )?(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|QUERY)(?: .*)?$/;
const SQL =
  /^(?:SELECT|INSERT|UPDATE|DELETE|MERGE|UPSERT|CREATE|DROP|ALTER|TRUNCATE|BEGIN|COMMIT|ROLLBACK|CALL|EXEC(?:UTE)?|COPY|WITH|pg\.\w+|pg-pool\.\w+|mongodb\.\w+|redis-\w+)\b/;

/** Attribute prefixes by which a span below a step says that it is about a database, an RPC or HTTP. */
const LOW_LEVEL_PREFIXES = ['db.', 'http.', 'rpc.', 'url.', 'net.', 'network.', 'server.', 'client.'];

/** What the phrase may be judged by. */
export interface PhraseContext {
  /** Destination, routing key, queue: names that the span itself gives as places. */
  readonly places: readonly string[];
  /** Whether the span carries messaging attributes or has kind producer or consumer. */
  readonly messaging: boolean;
}

/** Whether a span's name is a phrase of its transport rather than the name of a business step. */
export function isTransportPhrase(name: string, context: PhraseContext): boolean {
  if (
    name === '' ||
    FIXED.has(name) ||
    HTTP.test(name) ||
    SQL.test(name) ||
    DOTTED.test(name) ||
    CLOUDEVENTS.test(name) ||
    AMQP_METHOD.test(name)
  )
    return true;
  if (context.messaging && context.places.includes(name)) return true;
  if (context.messaging && PLACE_VERB.test(name)) return true;
  const verbPlace = VERB_PLACE.exec(name);
  if (verbPlace === null) return false;
  const place = verbPlace[1]!;
  return (
    place.startsWith('<') ||
    context.places.some(
      (known) => known === place || place.startsWith(`${known}:`) || place.startsWith(`${known}.`),
    )
  );
}

/** Whether attributes say that a span is about a database, an RPC or HTTP. */
export function isLowLevel(keys: Iterable<string>): boolean {
  for (const key of keys) {
    if (LOW_LEVEL_PREFIXES.some((prefix) => key.startsWith(prefix))) return true;
  }
  return false;
}

/** The queue that a RabbitMQ consumer names only in its span's name: `billing process`. */
export function queueInName(name: string): string | null {
  const match = /^(\S+) (?:process|receive|deliver|consume)$/.exec(name);
  if (match === null || match[1]!.startsWith('<')) return null;
  return match[1]!;
}

/** The destination in a name of either order, for spans that have no attribute for it. */
export function placeInName(name: string): string | null {
  const match = PLACE_VERB.exec(name) ?? VERB_PLACE.exec(name);
  if (match === null || match[1]!.startsWith('<')) return null;
  return match[1]!;
}
