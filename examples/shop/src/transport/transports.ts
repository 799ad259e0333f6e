import type { TransportModule } from './Transport.js';

interface Known {
  /** Loaded only where it is asked for. */
  readonly load: () => Promise<TransportModule>;
  /** The broker that it needs, as the test rig calls it; null where it needs none. */
  readonly broker: string | null;
}

/** All that the shop runs on. A further transport is a file beside this one and a line here. */
export const TRANSPORTS = {
  http: { load: () => import('./http/httpTransport.js'), broker: null },
  kafka: { load: () => import('./kafka.js'), broker: 'kafka' },
  rabbitmq: { load: () => import('./rabbitmq.js'), broker: 'rabbitmq' },
} as const satisfies Record<string, Known>;

export type TransportName = keyof typeof TRANSPORTS;

export function isTransportName(text: string): text is TransportName {
  return Object.hasOwn(TRANSPORTS, text);
}
