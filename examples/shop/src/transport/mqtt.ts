import { setTimeout as sleep } from 'node:timers/promises';
import { attemptOf, instrumentClient } from '@upshot/sdk-mqtt';
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { subscriptions } from '../services/readers.js';
import { TOPICS, type Topic } from '../topics.js';
import { gather } from './gather.js';
import { InHand } from './InHand.js';
import { replaying } from './replaying.js';
import { backOffMs } from './retries.js';
import type { Connecting, Incoming, Subscription, Transport } from './Transport.js';

const WIRE = { system: 'mqtt', cloudEvents: '' };
const OPTIONS: IClientOptions = { protocolVersion: 5 };
/** Seconds that the broker keeps what comes for a service that is away. */
const KEEPS_S = 3600;
/** After so long without a dead letter there are no more. */
const QUIET_MS = 300;
/** Tries before this one, as a user property: the broker counts none. */
const COUNT = 'x-delivery-count';

type Properties = Record<string, string | string[]>;

interface Message {
  readonly payload: Buffer;
  readonly packet: IPublishPacket;
}

/** A session that lasts for each reader of a topic, with a topic of its own for what comes again; and one that keeps its dead letters. */
export async function prepare(url: string): Promise<void> {
  for (const { topic, consumer } of subscriptions()) {
    const client = await mqtt.connectAsync(url, sessionOf(topic, consumer), false);
    await client.subscribeAsync([topic, againOf(topic, consumer)], { qos: 1 });
    await client.endAsync();
    const keeper = await mqtt.connectAsync(url, sessionOf(topic, `${consumer}-dead`), false);
    await keeper.subscribeAsync(deadOf(topic, consumer), { qos: 1 });
    await keeper.endAsync();
  }
}

export async function connect({ url, service, upshot }: Connecting): Promise<Transport> {
  const raw = await mqtt.connectAsync(url, OPTIONS, false);
  const event = (topic: string) => TOPICS[topic as Topic];
  const traced = instrumentClient(await mqtt.connectAsync(url, OPTIONS, false), { upshot, event });
  const readers: MqttClient[] = [];
  const inHand = new InHand<() => Promise<unknown>>();
  return {
    wire: WIRE,
    publish: (topic, order) => send(traced, topic, JSON.stringify(order)),
    sendRaw: (topic, order, headers) => send(raw, topic, JSON.stringify(order), { ...headers }),
    async subscribe(subscription, handle) {
      const { topic, step, traced: isTraced } = subscription;
      const plain = mqtt.connect(url, { ...sessionOf(topic, service), manualConnect: true });
      const client = isTraced ? instrumentClient(plain, { upshot, step, consumer: service }) : plain;
      readers.push(client);
      const sendAgain = ({ payload, packet }: Message, to: string, tries: number) => {
        const userProperties = { ...packet.properties?.userProperties, [COUNT]: String(tries) };
        return send(isTraced ? traced : raw, to, payload, userProperties);
      };
      const take = taking(service, subscription, handle, sendAgain);
      client.on('message', (_topic, payload, packet) => {
        const message = { payload, packet };
        const giveBack = () => sendAgain(message, againOf(topic, service), triesBefore(message));
        return inHand.during(giveBack, () => take(message));
      });
      await new Promise<void>((resolve, reject) => {
        client.once('connect', () => resolve());
        client.once('error', reject);
        client.connect();
      });
      client.on('error', () => {});
    },
    async replay(topic) {
      const client = mqtt.connect(url, { ...sessionOf(topic, `${service}-dead`), manualConnect: true });
      const sent: Promise<void>[] = [];
      client.on('message', (_topic, payload, packet) => {
        const userProperties = { ...packet.properties?.userProperties, [COUNT]: '0' };
        const letter = {
          wire: WIRE,
          place: deadOf(topic, service),
          consumer: service,
          headers: userProperties,
        };
        sent.push(
          replaying(upshot, letter, () => send(traced, againOf(topic, service), payload, userProperties)),
        );
      });
      client.connect();
      // The broker gives what it has kept at once, and does not say that this was all.
      for (let before = -1; before < sent.length; ) {
        before = sent.length;
        await sleep(QUIET_MS);
      }
      await client.endAsync();
      await Promise.all(sent);
      return sent.length;
    },
    async close() {
      // The broker has heard that they arrived: it will not bring them again by itself.
      await Promise.allSettled(inHand.releaseAll().map((giveBack) => giveBack()));
      await Promise.allSettled([...readers, traced, raw].map((client) => client.endAsync()));
    },
  };
}

/** What failed is sent again to its reader alone, or to its dead letters: MQTT knows neither. */
function taking(
  service: string,
  { topic, attempts, batch }: Subscription,
  handle: (events: readonly Incoming[]) => Promise<void>,
  sendAgain: (message: Message, to: string, tries: number) => Promise<void>,
): (message: Message) => Promise<void> {
  const take = gather<Incoming>(batch, handle);
  return async (message) => {
    const attempt = triesBefore(message) + 1;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(message.packet.properties?.userProperties ?? {}))
      headers[name] = String(value);
    const handled = attemptOf(message.packet);
    try {
      await take({ headers, body: message.payload.toString('utf8'), attempt, handled });
    } catch (error) {
      const isLast = attempt >= attempts;
      handled?.fail(error, isLast ? 'dead-letter' : 'retry');
      if (isLast) return sendAgain(message, deadOf(topic, service), attempt);
      await sleep(backOffMs(attempt));
      return sendAgain(message, againOf(topic, service), attempt);
    }
  };
}

async function send(
  client: MqttClient,
  topic: string,
  payload: string | Buffer,
  userProperties: Properties = {},
): Promise<void> {
  // The client never sends a message whose properties are there and empty.
  const properties = Object.keys(userProperties).length === 0 ? undefined : { userProperties };
  await client.publishAsync(topic, payload, { qos: 1, properties });
}

function triesBefore({ packet }: Message): number {
  return Number(packet.properties?.userProperties?.[COUNT]) || 0;
}

function sessionOf(topic: string, consumer: string): IClientOptions {
  const properties = { sessionExpiryInterval: KEEPS_S };
  return { ...OPTIONS, clientId: `${topic}-${consumer}`, clean: false, properties };
}

function deadOf(topic: string, consumer: string): string {
  return `${topic}/${consumer}/dead`;
}

function againOf(topic: string, consumer: string): string {
  return `${topic}/${consumer}/retry`;
}
