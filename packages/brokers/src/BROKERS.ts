import type { Kind } from './Broker.js';
import { elasticmq } from './elasticmq.js';
import { fauxqs } from './fauxqs.js';
import { kafka } from './kafka.js';
import { mosquitto } from './mosquitto.js';
import { nats } from './nats.js';
import { postgres } from './postgres.js';
import { rabbitmq } from './rabbitmq.js';
import { redis } from './redis.js';

/** Every broker that is started here. */
export const BROKERS = {
  elasticmq,
  fauxqs,
  kafka,
  mosquitto,
  nats,
  postgres,
  rabbitmq,
  redis,
} as const satisfies Record<string, Kind>;

export type BrokerName = keyof typeof BROKERS;
