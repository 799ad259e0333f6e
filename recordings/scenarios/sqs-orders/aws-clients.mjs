import { SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

const config = {
  endpoint: process.env.AWS_ENDPOINT,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
};

export const sqs = new SQSClient(config);
export const sns = new SNSClient(config);

/** The URL of a queue, as the script that records told it. */
export const urlOf = (queue) => JSON.parse(process.env.QUEUE_URLS)[queue];

/**
 * Receives from a queue until `close` is called, as AWS' guide does it: what was handled is deleted, what failed is made visible at once.
 * What came through SNS is the notification's message.
 */
export function consume(queue, handle) {
  const QueueUrl = urlOf(queue);
  let closed = false;
  const loop = (async () => {
    while (!closed) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, WaitTimeSeconds: 1 }),
      );
      for (const { Body, ReceiptHandle } of Messages) {
        const body = JSON.parse(Body);
        try {
          await handle(body.Type === 'Notification' ? JSON.parse(body.Message) : body);
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        } catch {
          const again = { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 };
          await sqs.send(new ChangeMessageVisibilityCommand(again));
        }
      }
    }
  })();
  return {
    close: async () => {
      closed = true;
      await loop;
    },
  };
}
