import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/**
 * Lambda's part, as its guide "Using Lambda with Amazon SQS" says it: polls the queue, calls the function with a batch, and deletes what its answer
 * does not name in `batchItemFailures`; of what an error ends, nothing. What failed is visible again at once. None of this makes spans.
 *
 * @param {{ endpoint: string, queueUrl: string, queueArn: string, billing: import('../../harness/service.mjs').Service, until: (deleted: number) => boolean }} options
 *   until: of the number of messages that were deleted
 */
export async function feedFunction({ endpoint, queueUrl: QueueUrl, queueArn, billing, until }) {
  const sqs = new SQSClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  });
  let deleted = 0;
  let calls = 0;
  let empty = 0;
  while (!until(deleted) || empty < 2) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    empty = Messages.length === 0 ? empty + 1 : 0;
    if (Messages.length === 0) continue;
    const Records = Messages.map((message) => recordOf(message, queueArn));
    billing.tell({ command: 'invoke', requestId: randomUUID(), event: { Records } });
    calls += 1;
    const { answer, error } = (await billing.said('answered', calls))[calls - 1];
    const failed = new Set((answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
    await sleep(200);
    for (const { MessageId, ReceiptHandle } of Messages) {
      const again = error !== undefined || failed.has(MessageId);
      if (!again) deleted += 1;
      await sqs.send(
        again
          ? new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })
          : new DeleteMessageCommand({ QueueUrl, ReceiptHandle }),
      );
    }
  }
}

function recordOf({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes = {} }, eventSourceARN) {
  const attributes = Object.entries(MessageAttributes).map(([name, { StringValue, DataType }]) => [
    name,
    { stringValue: StringValue, dataType: DataType },
  ]);
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: Object.fromEntries(attributes),
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: 'eu-west-1',
  };
}
