import { BROKERS, Broker } from '@upshot/brokers';
import {
  isTransportName,
  known,
  TRANSPORTS,
  type TransportName,
  transportOfUrl,
} from './transport/transports.js';

/** What the shop runs on. */
export interface Brought {
  readonly transport: TransportName;
  /** Undefined where the transport needs no broker. */
  readonly url: string | undefined;
  /** Stops the broker, where it was started for us. */
  close(): Promise<void>;
}

/**
 * Makes a transport ready, by its name or the URL of its broker: with the broker at `url`, else with one that is started for it.
 * @throws TypeError where there is no such transport
 * @throws Error where its client is not there, or no broker can be started here, with what to do
 */
export async function bringBroker(name: string, url?: string): Promise<Brought> {
  const transport = transportOfUrl(name) ?? name;
  if (!isTransportName(transport))
    throw new TypeError(
      `there is no transport ${JSON.stringify(name)}: known are ${Object.keys(TRANSPORTS).join(', ')}`,
    );
  await load(transport);
  const { broker } = known(transport);
  const given = transport === name ? url : name;
  if (given !== undefined || broker === null) return { transport, url: given, close: async () => {} };
  const why = BROKERS[broker].missing();
  if (why !== null)
    throw new Error(
      `${transport} needs a broker, and ${why}; or start one, and give its URL with --broker-url`,
    );
  const started = await Broker.start(BROKERS[broker]);
  return { transport, url: started.url, close: () => started.close() };
}

/** Tells of a client that is not there before anything is started. */
async function load(transport: TransportName): Promise<void> {
  const { load, packages = [] } = known(transport);
  try {
    await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`${transport} needs its client: npm install ${packages.join(' ')}`, { cause: error });
  }
}
