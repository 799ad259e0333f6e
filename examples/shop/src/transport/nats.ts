import { AckPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect as dial, headers as noHeaders } from '@nats-io/transport-node';
import { attemptOf, instrumentJetStream } from '@upshot/sdk-nats';
import { subscriptions } from '../services/readers.js';
import { TOPICS, type Topic } from '../topics.js';
import { gather } from './gather.js';
import { InHand } from './InHand.js';
import { replaying } from './replaying.js';
import { backOffMs } from './retries.js';
import type { Connecting, Incoming, Subscription, Transport } from './Transport.js';

const WIRE = { system: 'nats' };
/** Dead letters that are there are given at once; somebody else may have taken them meanwhile. */
const GIVEN_WITHIN_MS = 5_000;
/** Events that one consumer handles at the same time. */
const MOST_AT_ONCE = 20;

/**
 * A stream for each topic, and a consumer of it, which counts deliveries, for each of its readers. What they give up lies in the same stream, under a subject of its
 * own; and what is sent to one of them alone, which is another consumer's.
 */
export async function prepare(url: string): Promise<void> {
  const connection = await dial({ servers: url });
  const manager = await jetstreamManager(connection);
  for (const topic of Object.keys(TOPICS))
    await manager.streams.add({ name: topic, subjects: [topic, `${topic}.*.*`] });
  for (const { topic, consumer } of subscriptions())
    for (const [durable_name, filter_subject] of [
      [consumer, topic],
      [`${consumer}-again`, againOf(topic, consumer)],
      [`${consumer}-dead`, deadOf(topic, consumer)],
    ])
      await manager.consumers.add(topic, { durable_name, filter_subject, ack_policy: AckPolicy.Explicit });
  await connection.close();
}

export async function connect({ url, service, upshot }: Connecting): Promise<Transport> {
  const connection = await dial({ servers: url });
  const raw = jetstream(connection);
  const event = (subject: string) => TOPICS[subject as Topic];
  const traced = instrumentJetStream(jetstream(connection), { upshot, event });
  const inHand = new InHand<JsMsg>((message) => message.working());
  const consuming: { stop(): void }[] = [];
  return {
    wire: WIRE,
    async publish(topic, order) {
      await traced.publish(topic, JSON.stringify(order));
    },
    async sendRaw(topic, order, given) {
      const headers = noHeaders();
      for (const [name, value] of Object.entries(given)) headers.set(name, value);
      await raw.publish(topic, JSON.stringify(order), { headers });
    },
    async subscribe(subscription, handle) {
      const { topic, step, traced: isTraced } = subscription;
      const plain = jetstream(connection);
      const js = isTraced ? instrumentJetStream(plain, { upshot, step, consumer: service }) : plain;
      const take = taking(subscription, handle, (message) =>
        (isTraced ? traced : raw).publish(deadOf(topic, service), message.data, {
          headers: message.headers,
        }),
      );
      // What can't be said to the server now shows by the message's coming again.
      const callback = (message: JsMsg) => void inHand.during(message, () => take(message)).catch(() => {});
      for (const name of [service, `${service}-again`]) {
        const consumer = await js.consumers.get(topic, name);
        consuming.push(await consumer.consume({ max_messages: MOST_AT_ONCE, callback }));
      }
    },
    async replay(topic) {
      const consumer = await raw.consumers.get(topic, `${service}-dead`);
      const { num_pending: most } = await consumer.info();
      if (most === 0) return 0;
      let replayed = 0;
      for await (const message of await consumer.fetch({ max_messages: most, expires: GIVEN_WITHIN_MS })) {
        const { data, headers, subject } = message;
        const letter = { wire: WIRE, place: subject, consumer: service, headers: headersIn(message) };
        await replaying(upshot, letter, () => traced.publish(againOf(topic, service), data, { headers }));
        message.ack();
        replayed++;
      }
      return replayed;
    },
    async close() {
      for (const one of consuming) one.stop();
      for (const message of inHand.releaseAll()) {
        attemptOf(message)?.fail(new Error('its service was stopped'), 'retry');
        message.nak();
      }
      await connection.close();
    },
  };
}

/** Acknowledges what was handled; brings back what failed, or puts it aside, for JetStream has no dead letters of its own. */
function taking(
  { attempts, batch }: Subscription,
  handle: (events: readonly Incoming[]) => Promise<void>,
  putAside: (message: JsMsg) => Promise<unknown>,
): (message: JsMsg) => Promise<void> {
  const take = gather<Incoming>(batch, handle);
  return async (message) => {
    const attempt = message.info.deliveryCount;
    const headers = headersIn(message);
    const handled = attemptOf(message);
    try {
      await take({ headers, body: message.string(), attempt, handled });
      message.ack();
    } catch (error) {
      const isLast = attempt >= attempts;
      if (isLast) await putAside(message);
      // So that the reason is known, and not only that it was refused.
      handled?.fail(error, isLast ? 'dead-letter' : 'retry');
      if (isLast) message.term();
      else message.nak(backOffMs(attempt));
    }
  };
}

function headersIn({ headers }: JsMsg): Record<string, string> {
  return Object.fromEntries([...(headers ?? [])].map(([name, values]) => [name, values[0] ?? '']));
}

function deadOf(topic: string, consumer: string): string {
  return `${topic}.${consumer}.dead`;
}

function againOf(topic: string, consumer: string): string {
  return `${topic}.${consumer}.again`;
}
