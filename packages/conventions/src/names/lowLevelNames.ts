/**
 * What low-level names are: the one table. A span with such a name says how something moved, not what was done.
 * Sources: OpenTelemetry's span name conventions for messaging, HTTP and databases, in all generations, and the named libraries.
 *
 * The rule is to doubt for the business: `process orders` is a phrase of the broker only where the span itself says that `orders` is
 * a place, `invoice create` where it says that `invoice` is one, and `send confirmation` in a span without any sign of messaging is a step.
 */

/** Verbs that with a name before them speak of a broker wherever there is a sign of messaging: `orders process`. */
const BROKER_VERBS =
  'publish|send|produce|receive|received|process|consume|deliver|poll|subscribe|ack|nack|modack|addBulk';
/** Verbs of brokers and of the business alike: `invoice create`, `refund reject`. They need a place that the span names. */
const DOUBTFUL_VERBS = 'create|settle|reject|complete|abandon|defer|extract|add';
/** Further verbs that stand before a place only. */
const VERBS = `${BROKER_VERBS}|${DOUBTFUL_VERBS}|apply_async|run`;

/** `orders publish`, `<default> publish`, `billing.dead process`: one word and the verb. */
const PLACE_BROKER_VERB = new RegExp(`^(\\S+) (?:${BROKER_VERBS})$`);
const PLACE_DOUBTFUL_VERB = new RegExp(`^(\\S+) (?:${DOUBTFUL_VERBS})$`);
/** `publish orders`, `process orders`, `send to orders`, `process message from orders`. */
const VERB_PLACE = new RegExp(
  `^(?:${VERBS})(?: (?:to|from|message from|message to|batch from|batch to))?[ /](\\S+)$`,
);
/** A verb and nothing else, as Wolverine and Brave name their spans: `send`, `receive`. */
const VERB_ALONE = new RegExp(`^(?:${BROKER_VERBS})$`);
/** amqplib's instrumentation until 0.40: `orders -> order.created send`. */
const ROUTED = /^\S+ -> \S* ?send$/;
/** `kafka.consume`, `amqp.deliver`, `rabbitmq.publish`, `sqs.receive`, `kafka.consume orders`. */
const DOTTED =
  /^(?:kafka|amqp|rabbitmq|sqs|sns|nats|jms|redis|mqtt|pubsub|servicebus|eventhubs|aws\.sqs|aws\.sns|bullmq|messaging)[.\s](?:\w+\.)*(?:publish|send|produce|receive|process|consume|consumer|producer|command|deliver|poll|ack|nack)(?:[ ./:]\S*)?$/i;
/** Methods of AMQP 0-9-1, as Java's RabbitMQ instrumentation names its client spans: `basic.qos`, `queue.declare`. */
const AMQP_METHOD =
  /^(?:basic\.(?:qos|consume|cancel|publish|return|deliver|get|ack|reject|recover(?:-async)?|nack)|queue\.(?:declare|bind|unbind|purge|delete)|exchange\.(?:declare|delete|bind|unbind)|channel\.(?:open|flow|close)|connection\.(?:start|secure|tune|open|close|blocked|unblocked)|confirm\.select|tx\.(?:select|commit|rollback))(?:-ok)?$/;
/** Azure's SDKs: `ServiceBusReceiver.Receive`, `EventHubProducerClient.Send`; in Go `Receiver.ReceiveMessages`. */
const AZURE =
  /^(?:(?:ServiceBus|EventHub)\w*\.\w+|(?:Sender|Receiver)\.(?:Send|Receive|Complete|Abandon|Defer|DeadLetter|Peek|Schedule|Renew)\w*)$/;
/** Amazon's SDKs: `SQS.SendMessage`, `Sqs.ReceiveMessage`, `SNS Publish`. */
const AWS = /^(?:SQS|SNS|EventBridge|Kinesis)[./ ][A-Z]\w+$/i;
/** Axon Framework's buses and processors, with the type that they are about: `CommandBus.dispatchCommand(PlaceOrder)`. */
const AXON =
  /^(?:(?:Command|Event|Query)Bus|QueryUpdateEmitter|\w*EventProcessor|DeadlineManager)\.\w+(?:-\d+)?(?:\(.*\))?$/;
/** The CloudEvents SDKs: `CloudEvents Create com.shop.order.placed`. */
const CLOUDEVENTS = /^CloudEvents (?:Create|Process)(?: \S+)?$/;
/** Python's Kafka poll, NServiceBus' fixed names, Brave's listeners, MassTransit's outbox, what Google's clients do around a message, web frameworks around a handler. */
const FIXED = new Set([
  'recv',
  'poll',
  'send message',
  'process message',
  'publish event',
  'reply',
  'on-message',
  'next-message',
  'outbox send',
  'outbox process',
  'publisher flow control',
  'publisher batching',
  'subscriber concurrency control',
  'subscriber scheduler',
  'subscribe scheduler',
  'request', // @fastify/otel
  'request handler', // Express
  'router',
]);

/** A method alone, or with what can only be a route, a path or an address: `POST /x`, `GET users/:id`, `HTTP GET`. */
const HTTP =
  /^(?:HTTP )?(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|QUERY)(?: (?:\S*[/:.*{]\S*|\(.*\)))?$/;
/**
 * What web frameworks do on the way to a handler, by their instrumentations: Express' and Koa's `middleware - jsonParser`, `router - /orders`, Fastify's hooks
 * and `handler - placeOrder`, Hapi's `ext - onPreAuth`.
 */
const FRAMEWORK =
  /^(?:middleware|router|request handler|request_handler|handler|hook|ext|on(?:Request|Send|Response|Timeout|Error)|pre(?:Parsing|Validation|Handler|Serialization)) - /;
/** A statement's verb alone, with a table in lower case, or with the words that only SQL has: `UPDATE STOCK` may be the business's. */
const SQL =
  /^(?:(?:SELECT|INSERT|UPDATE|DELETE|UPSERT|REPLACE)(?:$| (?:INTO |FROM |DISTINCT )?["`]?[a-z0-9_.*]+["`]?(?:$| (?:SET|WHERE|VALUES|FROM|JOIN)\b| ?[(,]))|(?:CREATE|DROP|ALTER|TRUNCATE)(?:$| (?:TABLE|INDEX|VIEW|DATABASE|SCHEMA)\b)|(?:BEGIN|COMMIT|ROLLBACK|START)(?:$| TRANSACTION$)|(?:pg|pg-pool|mongodb|mongoose|mysql|mysql2|knex|ioredis)\.\w+|redis-\w+)/;

/** Attribute prefixes by which a span below a step says that it is about a database, an RPC or HTTP. */
const LOW_LEVEL_PREFIXES = ['db.', 'http.', 'rpc.', 'url.', 'net.', 'network.', 'server.', 'client.'];

/** What a name may be judged by. */
export interface NameContext {
  /** Destination, routing key, queue: names that the span itself gives as places. */
  readonly places: readonly string[];
  /** Whether the span carries messaging attributes or has kind producer or consumer. */
  readonly messaging: boolean;
}

/** Whether a span's name is a phrase of its transport rather than the name of a business step. */
export function isLowLevelName(name: string, { places, messaging }: NameContext): boolean {
  if (name === '' || FIXED.has(name) || HTTP.test(name) || SQL.test(name)) return true;
  if (DOTTED.test(name) || AMQP_METHOD.test(name) || AZURE.test(name) || CLOUDEVENTS.test(name)) return true;
  if (AWS.test(name) || AXON.test(name) || FRAMEWORK.test(name)) return true;
  if (messaging) {
    if (places.includes(name) || VERB_ALONE.test(name) || ROUTED.test(name)) return true;
    if (PLACE_BROKER_VERB.test(name)) return true;
  }
  const placed = PLACE_BROKER_VERB.exec(name) ?? PLACE_DOUBTFUL_VERB.exec(name) ?? VERB_PLACE.exec(name);
  return placed !== null && isPlace(placed[1]!, places);
}

/** `<default>`, a place that the span names, or a part of one: BullMQ's `orders.email` is a job of `orders`. */
function isPlace(word: string, places: readonly string[]): boolean {
  return (
    word.startsWith('<') ||
    places.some((known) => known === word || word.startsWith(`${known}:`) || word.startsWith(`${known}.`))
  );
}

/** Whether attributes say that a span is about a database, an RPC or HTTP. */
export function hasLowLevelKey(keys: Iterable<string>): boolean {
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
  if (FIXED.has(name)) return null;
  const match = PLACE_BROKER_VERB.exec(name) ?? PLACE_DOUBTFUL_VERB.exec(name) ?? VERB_PLACE.exec(name);
  if (match === null || match[1]!.startsWith('<')) return null;
  return match[1]!;
}
