import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isTransportName, TRANSPORTS, type TransportName, transportOfUrl } from './transport/transports.js';

/** What the shop runs on. */
export interface Brought {
  readonly transport: TransportName;
  /** Undefined where the transport needs no broker. */
  readonly url: string | undefined;
  /** Stops the broker, where it was started for us. */
  close(): Promise<void>;
}

/** What starts brokers for the tests of this repository; a published package has none of it. */
const START = new URL('../../../test/brokers/start/index.mjs', import.meta.url);

interface Rig {
  readonly BROKERS: Readonly<Record<string, object>>;
  missing(kind: object): string | null;
  startBroker(kind: object): Promise<{ readonly url: string; close(): Promise<void> }>;
}

/**
 * Makes a transport ready, by its name or the URL of its broker: with the broker at `url`, else with one that is started for it.
 * @throws TypeError where there is no such transport
 * @throws Error where no broker can be started here, with what to do
 */
export async function bringBroker(name: string, url?: string): Promise<Brought> {
  const byUrl = transportOfUrl(name);
  if (byUrl !== null) return { transport: byUrl, url: name, close: async () => {} };
  const known = Object.keys(TRANSPORTS).join(', ');
  if (!isTransportName(name))
    throw new TypeError(`there is no transport ${JSON.stringify(name)}: known are ${known}`);
  const { broker } = TRANSPORTS[name];
  if (url !== undefined || broker === null) return { transport: name, url, close: async () => {} };
  const instead = `start one, and give its URL with --broker-url`;
  if (!existsSync(fileURLToPath(START))) throw new Error(`${name} needs a broker: ${instead}`);
  const rig = (await import(START.href)) as Rig;
  const kind = rig.BROKERS[broker];
  if (kind === undefined) throw new Error(`${name} needs ${broker}: ${instead}`);
  const missing = rig.missing(kind);
  if (missing !== null) throw new Error(`${name} needs a broker, and ${missing}; or ${instead}`);
  const started = await rig.startBroker(kind);
  return { transport: name, url: started.url, close: () => started.close() };
}
