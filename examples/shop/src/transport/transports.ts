import type { TransportModule } from './Transport.js';

interface Known {
  /** Loaded only where it is asked for. */
  readonly load: () => Promise<TransportModule>;
  /** The broker that it needs, as the test rig calls it; null where it needs none. */
  readonly broker: string | null;
  /** Of URLs that name it. */
  readonly schemes: readonly string[];
}

/** All that the shop runs on. A further transport is a file beside this one and a line here. */
export const TRANSPORTS = {
  http: { load: () => import('./http/httpTransport.js'), broker: null, schemes: [] },
  kafka: { load: () => import('./kafka.js'), broker: 'kafka', schemes: ['kafka'] },
  rabbitmq: { load: () => import('./rabbitmq.js'), broker: 'rabbitmq', schemes: ['amqp', 'amqps'] },
} as const satisfies Record<string, Known>;

export type TransportName = keyof typeof TRANSPORTS;

export function isTransportName(text: string): text is TransportName {
  return Object.hasOwn(TRANSPORTS, text);
}

/** The transport that a URL is of, such as `amqp://localhost`; null where none is. */
export function transportOfUrl(text: string): TransportName | null {
  const scheme = /^([a-z]+):\/\//.exec(text)?.[1] ?? '';
  const names = Object.keys(TRANSPORTS) as TransportName[];
  return names.find((name) => (TRANSPORTS[name].schemes as readonly string[]).includes(scheme)) ?? null;
}
