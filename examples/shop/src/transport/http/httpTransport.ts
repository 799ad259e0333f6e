import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Decision, Transport as OnTheWire, Reception, Upshot } from '@upshot/sdk';
import type { Order } from '../../Order.js';
import { type ServiceName, subscriptions } from '../../services/readers.js';
import { TOPICS, type Topic } from '../../topics.js';
import { gather } from '../gather.js';
import type { Connecting, Incoming, Subscription, Transport } from '../Transport.js';
import { DeadLetters } from './DeadLetters.js';
import { Inbox, type Received } from './Inbox.js';
import { Outbox } from './Outbox.js';
import { ATTEMPT_HEADER, Relay } from './Relay.js';

const WEBHOOKS: OnTheWire = { system: 'webhook', cloudEvents: 'ce-' };

/** The folder that all services share: socket files, outboxes, dead letters. */
export async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}

export async function connect({ url: folder, service, upshot }: Connecting): Promise<Transport> {
  const outbox = await Outbox.open(join(folder, `${service}.outbox.jsonl`));
  const socketOf = (consumer: string) => join(folder, `${consumer}.sock`);
  const deadLetters = new DeadLetters(join(folder, 'dead-letters.jsonl'));
  const relay = new Relay({ outbox, socketOf, deadLetters });
  relay.bring(outbox.left);
  return new HttpTransport(service, upshot, outbox, deadLetters, relay, new Inbox(socketOf(service)));
}

/** Webhooks over HTTP, each service with an outbox that brings what it has published to everybody who subscribed. */
class HttpTransport implements Transport {
  readonly wire = WEBHOOKS;
  private listening: Promise<void> | null = null;

  constructor(
    private readonly service: ServiceName,
    private readonly upshot: Upshot,
    private readonly outbox: Outbox,
    private readonly deadLetters: DeadLetters,
    private readonly relay: Relay,
    private readonly inbox: Inbox,
  ) {}

  publish(topic: Topic, order: Order): Promise<void> {
    const publication = { transport: WEBHOOKS, event: TOPICS[topic], destination: topic };
    return this.upshot.publish(publication, ({ headers }) => this.sendRaw(topic, order, headers));
  }

  async sendRaw(topic: Topic, order: Order, headers: Readonly<Record<string, string>>): Promise<void> {
    const to = subscriptions().filter((one) => one.topic === topic);
    const event = { topic, headers, body: JSON.stringify(order) };
    this.relay.bring(
      await this.outbox.add(
        event,
        to.map(({ consumer }) => consumer),
      ),
    );
  }

  async subscribe(
    subscription: Subscription,
    handle: (events: readonly Incoming[]) => Promise<void>,
  ): Promise<void> {
    const { topic, attempts, batch } = subscription;
    const together = gather<Received>(batch, (received) => this.handle(received, subscription, handle));
    this.inbox.on(topic, async (received) => {
      try {
        await together(received);
        return 'taken';
      } catch (error) {
        if (attemptOf(received) >= attempts) return 'given-up';
        throw error;
      }
    });
    // The webhooks of all topics are there before the first comes in: those of one turn are subscribed together.
    this.listening ??= Promise.resolve().then(() => this.inbox.listen());
    await this.listening;
  }

  async replay(topic: Topic): Promise<number> {
    const dead = (await this.deadLetters.of(this.service)).filter((row) => row.topic === topic);
    for (const row of dead) {
      const { headers, body } = row;
      const publication = {
        transport: WEBHOOKS,
        event: TOPICS[topic],
        destination: topic,
        headers,
        resend: true,
      };
      await this.upshot.publish(publication, async (sending) => {
        const again = { topic, headers: { ...headers, ...sending.headers }, body };
        this.relay.bring(await this.outbox.add(again, [this.service]));
      });
      await this.deadLetters.remove(row);
    }
    return dead.length;
  }

  async close(): Promise<void> {
    this.relay.close();
    await this.inbox.close();
    await this.outbox.close();
  }

  private handle(
    received: readonly Received[],
    subscription: Subscription,
    handle: (events: readonly Incoming[]) => Promise<void>,
  ): Promise<void> {
    if (!subscription.traced)
      return handle(received.map((one) => ({ ...one, attempt: attemptOf(one), handled: null })));
    const receptions = received.map((one) => this.receptionOf(one, subscription));
    const [first] = receptions;
    if (received.length === 1 && first !== undefined && subscription.batch <= 1)
      return this.upshot.process(first, (handled) =>
        handle([{ ...received[0]!, attempt: attemptOf(received[0]!), handled }]),
      );
    return this.upshot.processBatch(receptions, (attempts) =>
      handle(received.map((one, at) => ({ ...one, attempt: attemptOf(one), handled: attempts[at]! }))),
    );
  }

  private receptionOf(received: Received, { topic, step, attempts }: Subscription): Reception {
    const attempt = attemptOf(received);
    return {
      transport: WEBHOOKS,
      headers: received.headers,
      destination: topic,
      placeName: TOPICS[topic],
      consumer: this.service,
      step,
      attempt,
      decide: (): Decision => (attempt >= attempts ? 'dead-letter' : 'retry'),
    };
  }
}

function attemptOf({ headers }: Received): number {
  return Number(headers[ATTEMPT_HEADER]) || 1;
}
