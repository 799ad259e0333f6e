import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { unobserved } from '@upshot/sdk';
import { attemptOf, handling, instrumentClient } from '@upshot/sdk-sqs';

const require = createRequire(import.meta.url);

/**
 * @typedef {import('../../../test/brokers/service/Driver.js').Received} Received
 * @typedef {import('../../../test/brokers/service/Driver.js').Reading} Reading
 */

/**
 * `@aws-sdk/client-sqs` sends to a queue, `@aws-sdk/client-sns` to a topic, whose queues are those of its consumers.
 * @type {import('../../../test/brokers/service/Driver.js').DriverModule['connect']}
 */
export async function connect({ url, library }) {
  const aws = require('@aws-sdk/client-sqs');
  const sns = require('@aws-sdk/client-sns');
  const overTopic = library === '@aws-sdk/client-sns';
  const config = {
    endpoint: url,
    region: 'us-east-1',
    // Brokers of tests name hosts that are none.
    useQueueUrlAsEndpoint: false,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  };
  const client = instrumentClient(new aws.SQSClient(config));
  const plain = new aws.SQSClient(config);
  const topics = instrumentClient(new sns.SNSClient(config));
  const plainTopics = new sns.SNSClient(config);
  const stopped = new AbortController();
  /** @type {Promise<void>[]} */
  const polls = [];

  /** Queues and topics have no dots. @type {(destination: string) => string} */
  const topicOf = (destination) => destination.replaceAll('.', '-');
  /** @type {(destination: string, consumer: string) => string} */
  const queueOf = (destination, consumer) =>
    overTopic ? `${topicOf(destination)}-${consumer}` : topicOf(destination);
  /** @type {(destination: string) => string} */
  const arnOf = (destination) => `arn:aws:sns:us-east-1:000000000000:${topicOf(destination)}`;
  /** @param {string} queue @returns {Promise<string>} */
  async function urlOf(queue) {
    for (let tries = 1; ; tries++) {
      try {
        return (await plain.send(new aws.GetQueueUrlCommand({ QueueName: queue }))).QueueUrl;
      } catch (error) {
        // ElasticMQ listens before it has all of its queues back.
        if (tries >= 50) throw error;
        await setTimeout(100);
      }
    }
  }
  /** @type {(consumer: string, queue: string) => string} */
  const deadOf = (consumer, queue) => (overTopic ? `${queue}-dead` : `${queue}-${consumer}-dead`);

  /** @param {string} name @param {Record<string, string>} [attributes] */
  async function queue(name, attributes = {}) {
    const { QueueUrl } = await plain.send(
      new aws.CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '20', ...attributes } }),
    );
    const asked = { QueueUrl, AttributeNames: ['QueueArn'] };
    const { Attributes } = await plain.send(new aws.GetQueueAttributesCommand(asked));
    return Attributes.QueueArn;
  }

  /**
   * @param {any} sender
   * @param {string} destination
   * @param {string} body
   * @param {Record<string, string>} attributes
   */
  async function send(sender, destination, body, attributes) {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    await sender.send(
      overTopic
        ? new sns.PublishCommand({ TopicArn: arnOf(destination), Message: body, MessageAttributes })
        : new aws.SendMessageCommand({
            QueueUrl: await urlOf(topicOf(destination)),
            MessageBody: body,
            MessageAttributes,
          }),
    );
  }

  /** @param {string} name @param {number} most @param {(messages: any[]) => Promise<void>} each */
  function poll(name, most, each) {
    const receive = async () => {
      const QueueUrl = await urlOf(name);
      while (!stopped.signal.aborted) {
        const asked = { QueueUrl, MaxNumberOfMessages: most, WaitTimeSeconds: 1 };
        const options = { abortSignal: stopped.signal };
        const { Messages = [] } = await client
          .send(new aws.ReceiveMessageCommand(asked), options)
          .catch(() => setTimeout(100, {}));
        if (Messages.length > 0) await each(Messages);
      }
    };
    // A queue that a restart has lost is no reason to end.
    polls.push(receive().catch(() => undefined));
  }

  /** @param {string} name @param {any} message */
  const remove = async (name, { ReceiptHandle }) =>
    client.send(new aws.DeleteMessageCommand({ QueueUrl: await urlOf(name), ReceiptHandle }));

  /**
   * @param {string} name
   * @param {Reading} reading
   * @param {string} consumer
   * @param {(received: Received) => Promise<void>} handler
   */
  async function consume(name, { attempts, step }, consumer, handler) {
    const options = { consumer, step, maxReceives: attempts };
    const handle = handling(async (/** @type {any} */ message) => {
      await handler(receivedOf(message));
      await remove(name, message);
    }, options);
    poll(name, 1, async ([message]) => {
      try {
        await handle(message);
      } catch {
        const { ReceiptHandle } = message;
        const asked = { QueueUrl: await urlOf(name), ReceiptHandle, VisibilityTimeout: 0 };
        await client.send(new aws.ChangeMessageVisibilityCommand(asked));
      }
    });
  }

  return {
    async declare({ destination, consumers, attempts }) {
      if (consumers.length > 1 && !overTopic) throw new Error('a queue of SQS has one kind of consumer');
      if (overTopic) await plainTopics.send(new sns.CreateTopicCommand({ Name: topicOf(destination) }));
      for (const consumer of consumers) {
        const name = queueOf(destination, consumer);
        const deadLetterTargetArn = await queue(deadOf(consumer, name));
        const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: attempts });
        const Endpoint = await queue(name, { RedrivePolicy });
        const subscription = { TopicArn: arnOf(destination), Protocol: 'sqs', Endpoint };
        if (overTopic) await plainTopics.send(new sns.SubscribeCommand(subscription));
      }
    },
    publish: ({ destination, event, id }) =>
      send(overTopic ? topics : client, destination, body(id), { 'upshot-event-name': event }),
    async publishStripped({ destination, event, id }) {
      const losing = overTopic ? new sns.SNSClient(config) : new aws.SQSClient(config);
      const original = losing.send;
      losing.send = (/** @type {any[]} */ ...[command, ...rest]) => {
        delete command.input.MessageAttributes;
        return original.call(losing, command, ...rest);
      };
      await send(instrumentClient(losing), destination, body(id), { 'upshot-event-name': event });
      losing.destroy();
    },
    publishBare: async ({ destination, id, headers = {} }) => {
      // Without a context and without spans, as somebody else's client.
      await unobserved(() => send(overTopic ? plainTopics : plain, destination, body(id), headers));
    },
    consume: (reading, handler) => {
      const { destination, consumer } = reading;
      return consume(queueOf(destination, consumer), reading, consumer, handler);
    },
    consumeDeadLetters: (reading, handler) => {
      const { destination, consumer } = reading;
      const name = deadOf(consumer, queueOf(destination, consumer));
      return consume(name, reading, `${consumer}.dead`, handler);
    },
    async consumeBatch({ destination, consumer, step }, size, handler) {
      const name = queueOf(destination, consumer);
      /** @type {any[]} */
      const batch = [];
      const handle = handling((messages) => handler(messages.map(receivedOf)), { consumer, step });
      poll(name, 10, async (messages) => {
        batch.push(...messages);
        if (batch.length < size) return;
        await handle(batch);
        for (const message of batch.splice(0)) await remove(name, message);
      });
    },
    async resend({ message }, destination) {
      const { body: text, attributes } = contentOf(message);
      await send(overTopic ? topics : client, destination, text, attributes);
    },
    async close() {
      stopped.abort();
      await Promise.allSettled(polls);
      for (const one of [client, plain, topics, plainTopics]) one.destroy();
    },
  };
}

/** @param {string} id */
function body(id) {
  return JSON.stringify({ id });
}

/**
 * What was sent, out of SNS's envelope where it lies in one.
 * @param {any} message
 * @returns {{ body: string, attributes: Record<string, string> }}
 */
function contentOf({ Body, MessageAttributes = {} }) {
  const { Type, Message, MessageAttributes: inside = {} } = JSON.parse(Body);
  const isWrapped = Type === 'Notification';
  const given = Object.entries(isWrapped ? inside : MessageAttributes);
  const attributes = given.map(([name, one]) => [name, one.StringValue ?? one.Value]);
  return { body: isWrapped ? Message : Body, attributes: Object.fromEntries(attributes) };
}

/** @param {any} message */
function receivedOf(message) {
  return { id: JSON.parse(contentOf(message).body).id, attempt: attemptOf(message), message };
}
