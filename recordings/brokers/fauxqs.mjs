import { startFauxqs } from 'fauxqs';

/**
 * Starts fauxqs, an emulator of SQS and SNS, within this process, with these queues. A queue's dead-letter queue takes what was received
 * three times.
 *
 * @param {{ topic: string, queues: Record<string, { deadLetters?: string, subscribed?: boolean }> }} options `subscribed` queues receive what
 *   is published to the topic
 * @returns {Promise<{ endpoint: string, topicArn: string, urlOf: (queue: string) => string, stop: () => Promise<void> }>}
 */
export async function startSqs({ topic, queues }) {
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const { CreateQueueCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  const { CreateTopicCommand, SNSClient, SubscribeCommand } = await import('@aws-sdk/client-sns');
  const config = {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  };
  const sqs = new SQSClient(config);
  const sns = new SNSClient(config);
  const { TopicArn: topicArn } = await sns.send(new CreateTopicCommand({ Name: topic }));
  const urls = new Map();
  for (const [name, { deadLetters, subscribed }] of Object.entries(queues)) {
    const redrive = { deadLetterTargetArn: arnOf(deadLetters), maxReceiveCount: 3 };
    const Attributes = deadLetters ? { RedrivePolicy: JSON.stringify(redrive) } : {};
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    urls.set(name, QueueUrl);
    if (subscribed)
      await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: arnOf(name) }));
  }
  return { endpoint, topicArn, urlOf: (queue) => urls.get(queue), stop: () => server.stop() };
}

function arnOf(queue) {
  return `arn:aws:sqs:eu-west-1:000000000000:${queue}`;
}
