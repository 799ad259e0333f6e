import { AckPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect as dial, headers as noHeaders } from '@nats-io/transport-node';
import { attemptOf, instrumentJetStream } from '@upshot/sdk-nats';
import { subscriptions } from '../services/readers.js';
import { TOPICS, type Topic } from '../topics.js';
import { gather } from './gather.js';
import { InHand } from './InHand.js';
import { backOffMs } from './retries.js';
import type { Connecting, Incoming, Subscription, Transport } from './Transport.js';

/** Events that one consumer handles at the same time. */
const MOST_AT_ONCE = 20;

/** A stream for each topic, and a consumer of it, which counts deliveries, for each of its readers. What they give up lies in the same stream, under a subject of its own. */
export async function prepare(url: string): Promise<void> {
  const connection = await dial({ servers: url });
  const manager = await jetstreamManager(connection);
  for (const topic of Object.keys(TOPICS))
    await manager.streams.add({ name: topic, subjects: [topic, `${topic}.*.dead`] });
  for (const { topic, consumer } of subscriptions())
    await manager.consumers.add(topic, {
      durable_name: consumer,
      filter_subject: topic,
      ack_policy: AckPolicy.Explicit,
    });
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
    wire: { system: 'nats' },
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
        (isTraced ? traced : raw).publish(`${topic}.${service}.dead`, message.data, {
          headers: message.headers,
        }),
      );
      const consumer = await js.consumers.get(topic, service);
      // What can't be said to the server now shows by the message's coming again.
      const callback = (message: JsMsg) => void inHand.during(message, () => take(message)).catch(() => {});
      consuming.push(await consumer.consume({ max_messages: MOST_AT_ONCE, callback }));
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
    const headers: Record<string, string> = {};
    for (const [name, values] of message.headers ?? []) headers[name] = values[0] ?? '';
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
