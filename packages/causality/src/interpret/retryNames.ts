/**
 * Names of retry and dead-letter destinations. Sources: Spring Kafka (`-retry-0`, `-dlt`, `.DLT`), MassTransit (`_error`, `_skipped`),
 * Azure Service Bus (`/$DeadLetterQueue`), NServiceBus (`error`), ActiveMQ (`DLQ.orders`), RocketMQ (`%RETRY%`, `%DLQ%`), Pulsar (`-DLQ`), Watermill
 * (`poison_queue`), Amazon's FIFO queues (all end in `.fifo`), and the habits of RabbitMQ, SQS and Pub/Sub users (`.dead`, `-dlq`, `.dlx`, `-dlq-sub`).
 */
const RETRY_SUFFIX = /[-._:]?(?:retry|retries|delayed|redeliver(?:y|ies))(?:[-._:]?\d+[a-z]*)?$/i;
const DEAD_SUFFIX =
  /(?:[-._:/](?:dlt|dlq|dlx|dead|dead[-._]?letters?(?:[-._]?(?:queue|topic|exchange))?|dead[-._]?msg[-._]?queue|poison|poisoned|(?:poison|error)[-._]?(?:queue|topic)|quarantine|park(?:ed|ing)?(?:[-._]?lot)?|failed|error|errors|skipped)|\/?\$DeadLetterQueue|\/\$Transfer\/\$DeadLetterQueue)$/i;
/** In camel case: `OrdersDLQ`, `ordersDeadLetterQueue`. */
const DEAD_CAMEL =
  /(?<=[a-z0-9])(?:DLQ|DLT|DLX|Dlq|Dlt|DeadLetters?(?:Queue|Topic|Exchange)?|PoisonQueue|ErrorQueue)$/;
/** `DLQ.orders`, `%DLQ%billing`; who looks after dead letters (`dlq-monitor`) is no place of them. */
const DEAD_PREFIX =
  /^(?:%DLQ%|(?:dlt|dlq|dlx|dead[-._]?letters?(?:[-._]?queue)?)[.:/]|(?:dlt|dlq|dlx)[-_](?!(?:monitor|handler|reader|processor|consumer|worker|service|inspector|replay|watch)))(?=\S)/i;
const DEAD_NAME =
  /^(?:dlt|dlq|dlx|dead|dead[-._]?letters?|dead[-._]?letter[-._]?(?:queue|exchange|topic)|system\.dead\.letter\.queue|#?dead_msg_queue|poison|poison[-._]?(?:queue|topic)|quarantine|parking[-._]?lot|error|errors|wolverine-dead-letter-queue)$/i;
/** What stands behind a name of the place and says nothing of it: a FIFO queue's suffix, and that of a subscription. */
const KIND_SUFFIX = /(?:\.fifo|[-._](?:sub|subs|subscription|queue|topic))$/i;

/** Words that name business events as well: `payment.failed` of a service `payment` is no dead letter. */
const AMBIGUOUS_SUFFIX = /[-._:/](?:failed|errors?|skipped|parked)$/i;

/** The name without the suffix of a retry topic, queue or group. */
export function withoutRetrySuffix(name: string): string {
  if (name.startsWith(RETRY_PREFIX)) return name.slice(RETRY_PREFIX.length);
  const fifo = name.endsWith(FIFO) ? FIFO : '';
  const bare = name.slice(0, name.length - fifo.length);
  const at = bare.search(RETRY_SUFFIX);
  return at > 0 ? bare.slice(0, at) + fifo : name;
}
/** All names of Amazon's FIFO queues and topics end so. */
const FIFO = '.fifo';
/** RocketMQ's retry topics, one a consumer group. */
const RETRY_PREFIX = '%RETRY%';

/** Words that name what happened in the business as well: `shipment.delayed` is an event of its own, `orders.delayed.5000` is a queue. */
const AMBIGUOUS_RETRY = /[-._:]delayed$/i;

/**
 * A name as it is shown: without the suffix of a retry topic, queue or group. `certain` where the name is that of a topic, queue or group;
 * else (a service, a name that was given by hand) only a numbered suffix says that it is one of several tries of the same.
 */
export function shownWithoutRetry(name: string, certain: boolean): string {
  if (isAmbiguousRetryName(name)) return name;
  return certain || /\d[a-z]*$/i.test(name) ? withoutRetrySuffix(name) : name;
}

/** Whether a name is that of a retry place and of nothing else. */
export function isSurelyRetryName(name: string): boolean {
  return isRetryName(name) && !isAmbiguousRetryName(name);
}

/** Whether the name of a retry place may as well be that of an event of the business. */
export function isAmbiguousRetryName(name: string): boolean {
  return AMBIGUOUS_RETRY.test(name);
}

export function isRetryName(name: string): boolean {
  return withoutRetrySuffix(name) !== name;
}

/** Whether a destination, queue or consumer is named as one for dead letters. */
export function isDeadLetterName(name: string): boolean {
  return isDead(name) || isDead(withoutKind(name));
}

function isDead(name: string): boolean {
  return DEAD_SUFFIX.test(name) || DEAD_NAME.test(name) || DEAD_CAMEL.test(name) || DEAD_PREFIX.test(name);
}

/** Whether a dead-letter name may as well be that of an event of the business. */
export function isAmbiguousName(name: string): boolean {
  return AMBIGUOUS_SUFFIX.test(name);
}

/** What a dead-letter destination is for: `orders` of `orders-dlq`; "" where the name doesn't say. */
export function deadLetterOf(name: string): string {
  const bare = isDead(name) ? name : withoutKind(name);
  if (DEAD_NAME.test(bare)) return '';
  const base = bare.replace(DEAD_SUFFIX, '').replace(DEAD_CAMEL, '').replace(DEAD_PREFIX, '');
  return withoutRetrySuffix(base);
}

/**
 * Whether what a retry or dead-letter place is for is one of these, or two of them put together: Pulsar's `orders-billing-DLQ` is that of the
 * subscription `billing` of the topic `orders`.
 */
export function isFor(base: string, names: readonly string[]): boolean {
  const bare = [
    ...new Set(names.map((name) => withoutKind(withoutRetrySuffix(name))).filter((name) => name !== '')),
  ];
  const wanted = withoutKind(base);
  if (names.includes(base) || bare.includes(wanted)) return true;
  return bare.some(
    (first) =>
      wanted.startsWith(first) &&
      /^[-._:]/.test(wanted.slice(first.length)) &&
      bare.includes(wanted.slice(first.length + 1)),
  );
}

function withoutKind(name: string): string {
  const bare = name.replace(KIND_SUFFIX, '');
  return bare === '' ? name : bare;
}
