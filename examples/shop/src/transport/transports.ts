import type { BrokerName } from '@upshot/brokers';
import type { TransportModule } from './Transport.js';

interface Known {
  /** Loaded only where it is asked for. */
  readonly load: () => Promise<TransportModule>;
  /** The broker that it needs; null where it needs none. */
  readonly broker: BrokerName | null;
  /** Of URLs that name it. */
  readonly schemes: readonly string[];
  /** Packages of npm that the shop does not bring: large ones, and such as want a newer Node. */
  readonly packages?: readonly string[];
}

/** All that the shop runs on. A further transport is a file beside this one and a line here. */
export const TRANSPORTS = {
  http: { load: () => import('./http/httpTransport.js'), broker: null, schemes: [] },
  rabbitmq: { load: () => import('./rabbitmq.js'), broker: 'rabbitmq', schemes: ['amqp', 'amqps'] },
  kafka: { load: () => import('./kafka.js'), broker: 'kafka', schemes: ['kafka'] },
  'platformatic-kafka': {
    load: () => import('./platformaticKafka.js'),
    broker: 'kafka',
    schemes: [],
    packages: ['@platformatic/kafka'],
  },
  nats: { load: () => import('./nats.js'), broker: 'nats', schemes: ['nats'] },
  bullmq: { load: () => import('./bullmq.js'), broker: 'redis', schemes: [] },
  'redis-streams': { load: () => import('./redisStreams.js'), broker: 'redis', schemes: ['redis', 'rediss'] },
  'pg-outbox': {
    load: () => import('./pgOutbox.js'),
    broker: 'postgres',
    schemes: ['postgres', 'postgresql'],
  },
  mqtt: { load: () => import('./mqtt.js'), broker: 'mosquitto', schemes: ['mqtt', 'mqtts'] },
  sqs: {
    load: () => import('./sqs.js'),
    broker: 'fauxqs',
    schemes: [],
    packages: ['@aws-sdk/client-sqs', '@aws-sdk/client-sns'],
  },
} as const satisfies Record<string, Known>;

export type TransportName = keyof typeof TRANSPORTS;

/** What is known of a transport, whichever it is. */
export function known(name: TransportName): Known {
  return TRANSPORTS[name];
}

export function isTransportName(text: string): text is TransportName {
  return Object.hasOwn(TRANSPORTS, text);
}

/** The transport that a URL is of, such as `amqp://localhost`; null where none is. */
export function transportOfUrl(text: string): TransportName | null {
  const scheme = /^([a-z]+):\/\//.exec(text)?.[1] ?? '';
  const names = Object.keys(TRANSPORTS) as TransportName[];
  return names.find((name) => known(name).schemes.includes(scheme)) ?? null;
}
