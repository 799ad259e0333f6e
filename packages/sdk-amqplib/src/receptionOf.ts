import type { Reception, Transport } from '@upshot/sdk';
import type { ChannelOptions } from './ChannelOptions.js';
import type { MessageLike } from './channels.js';

/** RabbitMQ takes headers of any number within a frame of 128 KB; CloudEvents' AMQP binding prefixes its attributes. */
export const RABBITMQ: Transport = {
  system: 'rabbitmq',
  cloudEvents: 'cloudEvents_',
  instrumentations: ['@opentelemetry/instrumentation-amqplib'],
};

/** A message as what came in. */
export function receptionOf(
  queue: string,
  message: MessageLike,
  options: ChannelOptions,
  service: string,
): Reception {
  const { fields, properties } = message;
  return {
    transport: RABBITMQ,
    headers: properties.headers,
    consumer: consumerOf(queue, message, options, service),
    step: stepOf(queue, message, options),
    // The default exchange has no name and routes by the queue's.
    destination: fields.exchange === '' ? fields.routingKey : fields.exchange,
    placeName: textOf(properties.type) ?? (fields.routingKey || fields.exchange),
    messageId: textOf(properties.messageId),
    correlationId: textOf(properties.correlationId),
    attempt: attemptOf(queue, message),
    attributes: {
      'rabbitmq.destination.routing_key': fields.routingKey,
      'rabbitmq.message.delivery_tag': fields.deliveryTag,
      ...(isGenerated(queue) ? {} : { 'messaging.rabbitmq.queue': queue }),
    },
  };
}

function consumerOf(
  queue: string,
  message: MessageLike,
  { consumer }: ChannelOptions,
  service: string,
): string {
  const named = typeof consumer === 'function' ? told(() => consumer(queue, message)) : consumer;
  return named ?? (isGenerated(queue) && service !== '' ? service : queue);
}

/** A name that the broker made up says nothing, and is another one after each start. */
function isGenerated(queue: string): boolean {
  return queue.startsWith('amq.gen-');
}

function stepOf(queue: string, message: MessageLike, { step }: ChannelOptions): string | undefined {
  if (typeof step === 'function') return told(() => step(queue, message));
  if (typeof step === 'string' || step === undefined) return step;
  return Object.hasOwn(step, queue) ? step[queue] : undefined;
}

/**
 * The number of this attempt, where the broker counts: quorum queues count deliveries, queues that a message comes back to from a TTL queue count
 * deaths. A classic queue says only that it is not the first.
 */
function attemptOf(queue: string, { fields, properties }: MessageLike): number | undefined {
  const { headers } = properties;
  const deaths = headers?.['x-death'];
  if (Array.isArray(deaths)) {
    const own = deaths.find((death: Death | null) => death?.queue === queue) as Death | undefined;
    const count = Number(own?.count);
    if (Number.isSafeInteger(count) && count > 0) return count + 1;
    // It waited in another queue: whether after a try here, or before the first one, nobody says.
    if (deaths.some((death: Death | null) => death?.reason === 'expired')) return undefined;
    // It was given up elsewhere: what was counted there is not about this queue.
    return fields.redelivered ? undefined : 1;
  }
  const deliveries = headers?.['x-delivery-count'];
  if (typeof deliveries === 'number' && Number.isSafeInteger(deliveries) && deliveries >= 0)
    return deliveries + 1;
  return fields.redelivered ? undefined : 1;
}

/** An entry of `x-death`, as the wire brings it. */
interface Death {
  readonly queue?: unknown;
  readonly reason?: unknown;
  readonly count?: unknown;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The application's own function, which must not break the delivery of its messages. */
function told(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
