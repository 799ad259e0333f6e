import type { Reception } from '@upshot/sdk';
import { deliveriesOf, type MessageLike } from './clients.js';
import { NATS } from './NATS.js';
import type { ConsumerOptions } from './NatsOptions.js';

/** A message as what came in. */
export function receptionOf(message: MessageLike, options: ConsumerOptions): Reception {
  const { subject, headers, info } = message;
  return {
    transport: NATS,
    headers,
    consumer: options.consumer ?? info.consumer,
    step: stepOf(message, options),
    destination: subject,
    placeName: subject,
    attempt: deliveriesOf(info),
    attributes: {
      'messaging.consumer.group.name': info.consumer,
      'messaging.nats.stream': info.stream,
      'messaging.nats.sequence': info.streamSequence,
    },
  };
}

function stepOf(message: MessageLike, { step }: ConsumerOptions): string | undefined {
  if (typeof step === 'string' || step === undefined) return step;
  const { subject } = message;
  if (typeof step !== 'function') return Object.hasOwn(step, subject) ? step[subject] : undefined;
  try {
    return step(subject, message);
  } catch {
    return undefined;
  }
}
