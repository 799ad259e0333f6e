import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { attemptOf, handling, instrumentClient } from '@upshot/sdk-sqs';
import type { Order } from '../Order.js';
import { subscriptions } from '../services/readers.js';
import { TOPICS, type Topic } from '../topics.js';
import { gather } from './gather.js';
import { InHand } from './InHand.js';
import { replaying } from './replaying.js';
import { ATTEMPTS } from './retries.js';
import type { Connecting, Incoming, Subscription, Transport } from './Transport.js';

const SQS = { system: 'aws_sqs', cloudEvents: null, mostHeaders: 10 };
/** Events that one consumer handles at the same time; a call gives ten at most. */
const MOST_AT_ONCE = 20;
const MOST_A_CALL = 10;
/** Seconds after which SQS gives a message to somebody else, unless it hears of it. */
const VISIBLE_AFTER_S = 30;
const WAITS_S = 1;
/** After a call that failed, and while there is no room. */
const PAUSE_MS = 200;

// Each of eight processes would say so, and none of them can do anything about it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** A topic of SNS for each topic, and for each of its readers a queue that it delivers to, with one for its dead letters. */
export async function prepare(url: string): Promise<void> {
  const { sns, sqs } = clients(url);
  const queue = async (QueueName: string, Attributes: Record<string, string>) => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    return (await sqs.send(asked)).Attributes?.QueueArn;
  };
  const VisibilityTimeout = String(VISIBLE_AFTER_S);
  for (const { topic, consumer } of subscriptions()) {
    const deadLetterTargetArn = await queue(`${queueOf(topic, consumer)}-dead`, { VisibilityTimeout });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: ATTEMPTS });
    const Endpoint = await queue(queueOf(topic, consumer), { VisibilityTimeout, RedrivePolicy });
    const subscription = {
      TopicArn: await arnOf(sns, topic),
      Protocol: 'sqs',
      Endpoint,
      // So that attributes arrive as they were sent, and not within an envelope.
      Attributes: { RawMessageDelivery: 'true' },
    };
    await sns.send(new SubscribeCommand(subscription));
  }
  for (const client of [sns, sqs]) client.destroy();
}

export async function connect({ url, service, upshot }: Connecting): Promise<Transport> {
  const raw = clients(url);
  const event = (topic: string) => TOPICS[topic as Topic];
  const [sns, sqs] = [instrumentClient(clients(url).sns, { upshot, event }), clients(url).sqs];
  instrumentClient(sqs, { upshot });
  const arns = new Map<Topic, Promise<string>>();
  const closed = new AbortController();
  const reading: Promise<void>[] = [];
  const send = async (
    by: SNSClient,
    topic: Topic,
    order: Order,
    headers: Readonly<Record<string, string>>,
  ) => {
    if (!arns.has(topic)) arns.set(topic, arnOf(raw.sns, topic));
    const MessageAttributes = Object.fromEntries(
      Object.entries(headers).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    const TopicArn = await arns.get(topic);
    await by.send(new PublishCommand({ TopicArn, Message: JSON.stringify(order), MessageAttributes }));
  };
  return {
    wire: { ...SQS, system: 'aws.sns' },
    publish: (topic, order) => send(sns, topic, order, {}),
    sendRaw: (topic, order, headers) => send(raw.sns, topic, order, headers),
    async subscribe(subscription, handle) {
      const { topic, step, attempts, traced } = subscription;
      const client = traced ? sqs : raw.sqs;
      const { QueueUrl } = await raw.sqs.send(new GetQueueUrlCommand({ QueueName: queueOf(topic, service) }));
      const take = taking(subscription, handle);
      const options = { upshot, step, consumer: service, maxReceives: attempts };
      const queue = { client, url: QueueUrl ?? '' };
      reading.push(readOn(queue, traced ? handling(take, options) : take, closed.signal));
    },
    async replay(topic) {
      const urlOf = async (QueueName: string) =>
        (await raw.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
      const name = queueOf(topic, service);
      const [QueueUrl, dead] = [await urlOf(name), await urlOf(`${name}-dead`)];
      let replayed = 0;
      for (;;) {
        const asked = { QueueUrl: dead, MaxNumberOfMessages: MOST_A_CALL, MessageAttributeNames: ['All'] };
        const { Messages = [] } = await raw.sqs.send(new ReceiveMessageCommand(asked));
        if (Messages.length === 0) return replayed;
        for (const { Body: MessageBody, MessageAttributes, ReceiptHandle } of Messages) {
          const headers = textsIn(MessageAttributes);
          const letter = { wire: SQS, place: `${name}-dead`, consumer: service, headers };
          const again = new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes });
          await replaying(upshot, letter, () => sqs.send(again));
          await raw.sqs.send(new DeleteMessageCommand({ QueueUrl: dead, ReceiptHandle }));
          replayed++;
        }
      }
    },
    async close() {
      closed.abort();
      // A call that waits still would be given messages that nobody hears of.
      await Promise.all(reading);
      for (const client of [raw.sns, raw.sqs, sns, sqs]) client.destroy();
    },
  };
}

/** Receives until the end; deletes what was handled, and makes visible again what failed, or was in hand at the end. */
async function readOn(
  queue: { readonly client: SQSClient; readonly url: string },
  take: (message: Message) => Promise<void>,
  closed: AbortSignal,
): Promise<void> {
  const { client, url: QueueUrl } = queue;
  const visibleIn = (seconds: number, { ReceiptHandle }: Message) =>
    client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: seconds }));
  const giveBack = async (message: Message) => void (await visibleIn(0, message));
  const inHand = new InHand<Message>((message) => visibleIn(VISIBLE_AFTER_S, message));
  const handle = async (message: Message) => {
    try {
      await take(message);
    } catch {
      await giveBack(message);
      return;
    }
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  };
  while (!closed.aborted) {
    const MaxNumberOfMessages = Math.min(MOST_A_CALL, MOST_AT_ONCE - inHand.size);
    const asked = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages,
      WaitTimeSeconds: WAITS_S,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    const received = MaxNumberOfMessages > 0 ? await client.send(asked).catch(() => null) : null;
    if (received === null) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    // What can't be said to SQS now shows by the message's coming again.
    for (const message of received?.Messages ?? [])
      void inHand
        .during(message, () => (closed.aborted ? giveBack(message) : handle(message)))
        .catch(() => {});
  }
  await Promise.allSettled(inHand.releaseAll().map(giveBack));
}

function taking(
  { batch }: Subscription,
  handle: (events: readonly Incoming[]) => Promise<void>,
): (message: Message) => Promise<void> {
  const take = gather<Incoming>(batch, handle);
  return (message) => {
    const headers = textsIn(message.MessageAttributes);
    const attempt = Number(message.Attributes?.ApproximateReceiveCount ?? 1);
    return take({ headers, body: message.Body ?? '', attempt, handled: attemptOf(message) });
  };
}

/** Attributes as headers. */
function textsIn(attributes: Message['MessageAttributes'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
  );
}

/** An emulator takes any name and password; AWS itself wants the environment's. */
function clients(url: string): { readonly sns: SNSClient; readonly sqs: SQSClient } {
  const isAmazon = new URL(url).hostname.endsWith('.amazonaws.com');
  const emulated = {
    endpoint: url,
    region: 'us-east-1',
    // Emulators name hosts that are none.
    useQueueUrlAsEndpoint: false,
    credentials: { accessKeyId: 'shop', secretAccessKey: 'shop' },
  };
  const config = isAmazon ? {} : emulated;
  return { sns: new SNSClient(config), sqs: new SQSClient(config) };
}

/** Creating what is there answers with its name. */
async function arnOf(sns: SNSClient, Name: Topic): Promise<string> {
  return (await sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? '';
}

function queueOf(topic: string, consumer: string): string {
  return `${topic}-${consumer}`;
}
