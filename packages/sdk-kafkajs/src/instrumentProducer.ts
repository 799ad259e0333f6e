import { upshot as processWide, type Sending, textOf, type Upshot } from '@upshot/sdk';
import type { MessageOut, ProducerLike } from './clients.js';
import { KAFKA } from './KAFKA.js';
import type { ProducerOptions } from './KafkaOptions.js';

interface TopicMessages {
  readonly topic: string;
  readonly messages: readonly MessageOut[];
}

/** What a broker answers of one partition. */
interface Written {
  readonly topicName?: unknown;
  readonly partition?: unknown;
  readonly baseOffset?: unknown;
}

type Call = (argument: unknown) => Promise<unknown>;

const done = new WeakSet<object>();
/** Characters of a key that are noted: it groups messages, and is not theirs to read. */
const MOST_KEY = 256;

/**
 * Instruments a producer: each message is an event, and carries its context in its headers. `send`, `sendBatch`, and both within transactions. The
 * same producer is returned; messages and batches of the caller are left as they are.
 */
export function instrumentProducer<Producer extends ProducerLike>(
  producer: Producer,
  options: ProducerOptions = {},
): Producer {
  if (done.has(producer)) return producer;
  wrapSends(producer, options.upshot ?? processWide, options);
  const own = producer as unknown as { transaction?: (...args: unknown[]) => Promise<object> };
  const begin = own.transaction?.bind(producer);
  if (begin !== undefined) {
    own.transaction = async (...args) => {
      const transaction = await begin(...args);
      wrapSends(transaction, options.upshot ?? processWide, options);
      return transaction;
    };
  }
  return producer;
}

function wrapSends(sender: object, upshot: Upshot, options: ProducerOptions): void {
  if (done.has(sender)) return;
  done.add(sender);
  const own = sender as Record<'send' | 'sendBatch', Call>;
  const send = own.send.bind(sender);
  const sendBatch = own.sendBatch.bind(sender);
  own.send = (record) => {
    if (!isTopic(record)) return send(record);
    const sendings: Sending[] = [];
    const carried = carrying(record, upshot, options, sendings);
    return sent(sendings, () => send(carried));
  };
  own.sendBatch = (batch) => {
    const topics = (batch as { topicMessages?: unknown } | null)?.topicMessages;
    if (!Array.isArray(topics) || !topics.every(isTopic)) return sendBatch(batch);
    const sendings: Sending[] = [];
    const topicMessages = topics.map((topic) => carrying(topic, upshot, options, sendings));
    return sent(sendings, () => sendBatch({ ...(batch as object), topicMessages }));
  };
}

/** What is no record is the library's to refuse. */
function isTopic(record: unknown): record is TopicMessages {
  const { topic, messages } = (record ?? {}) as { topic?: unknown; messages?: unknown };
  return (
    typeof topic === 'string' &&
    Array.isArray(messages) &&
    messages.every((one) => typeof one === 'object' && one !== null)
  );
}

/** The record with copies of its messages, which carry their contexts. */
function carrying(
  record: TopicMessages,
  upshot: Upshot,
  { event }: ProducerOptions,
  sendings: Sending[],
): TopicMessages {
  const { topic } = record;
  const messages = record.messages.map((message) => {
    const sending = upshot.open({
      transport: KAFKA,
      event: named(() => event?.(topic, message)),
      destination: topic,
      placeName: topic,
      key: textOf(message.key, MOST_KEY) ?? undefined,
      headers: message.headers,
    });
    sendings.push(sending);
    return { ...message, headers: { ...message.headers, ...sending.headers } };
  });
  return { ...record, messages };
}

/** Messages that go in one request: their spans end together, with what the broker says of them. */
async function sent(sendings: readonly Sending[], call: () => Promise<unknown>): Promise<unknown> {
  // The first one's context serves for the call: it holds back the official instrumentation's spans.
  const [first] = sendings;
  try {
    const result = await (first === undefined ? call() : first.run(call));
    learn(sendings, result);
    for (const sending of sendings) sending.end();
    return result;
  } catch (error) {
    for (const sending of sendings) sending.end(error);
    throw error;
  }
}

/** Positions, where the answer tells whose they are: all went into one partition, in their order. */
function learn(sendings: readonly Sending[], result: unknown): void {
  if (!Array.isArray(result) || result.length !== 1) return;
  const { partition, baseOffset } = result[0] as Written;
  const base = Number(baseOffset ?? -1);
  for (const [index, sending] of sendings.entries()) {
    sending.learn({
      'messaging.destination.partition.id': typeof partition === 'number' ? String(partition) : undefined,
      'kafka.offset': Number.isSafeInteger(base) && base >= 0 ? base + index : undefined,
    });
  }
}

function named(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
