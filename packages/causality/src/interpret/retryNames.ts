/**
 * Names of retry and dead-letter destinations. Sources: Spring Kafka (`-retry-0`, `-dlt`, `.DLT`), MassTransit (`_error`, `_skipped`),
 * Azure Service Bus (`/$DeadLetterQueue`), NServiceBus (`error`), and the habits of RabbitMQ and SQS users (`.dead`, `-dlq`, `.dlx`).
 */
const RETRY_SUFFIX = /[-._:]?(?:retry|retries|delayed|redeliver(?:y|ies))(?:[-._:]?\d+[a-z]*)?$/i;
const DEAD_SUFFIX =
  /(?:[-._:/](?:dlt|dlq|dlx|dead|dead[-._]?letters?|dead[-._]?letter[-._]?queue|poison|poisoned|park(?:ed|ing)?(?:[-._]?lot)?|failed|error|errors|skipped)|\/?\$DeadLetterQueue)$/i;
const DEAD_NAME =
  /^(?:dlt|dlq|dlx|dead|dead[-._]?letters?|dead[-._]?letter[-._]?(?:queue|exchange|topic)|poison|parking[-._]?lot|error|errors)$/i;

/** Words that name business events as well: `payment.failed` of a service `payment` is no dead letter. */
const AMBIGUOUS_SUFFIX = /[-._:/](?:failed|errors?|skipped|parked)$/i;

/** The name without the suffix of a retry topic, queue or group. */
export function withoutRetrySuffix(name: string): string {
  const at = name.search(RETRY_SUFFIX);
  return at > 0 ? name.slice(0, at) : name;
}

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
  return name.search(RETRY_SUFFIX) > 0;
}

/** Whether a destination, queue or consumer is named as one for dead letters. */
export function isDeadLetterName(name: string): boolean {
  return DEAD_SUFFIX.test(name) || DEAD_NAME.test(name);
}

/** Whether a dead-letter name may as well be that of an event of the business. */
export function isAmbiguousName(name: string): boolean {
  return AMBIGUOUS_SUFFIX.test(name);
}

/** What a dead-letter destination is for: `orders` of `orders-dlq`; "" where the name doesn't say. */
export function deadLetterOf(name: string): string {
  if (DEAD_NAME.test(name)) return '';
  return withoutRetrySuffix(name.replace(DEAD_SUFFIX, ''));
}
