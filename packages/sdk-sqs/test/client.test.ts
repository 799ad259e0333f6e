import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQS,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { context, SpanKind } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Upshot } from '@upshot/sdk';
import { attemptOf, handling, instrumentClient } from '@upshot/sdk-sqs';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeBroker } from '../../../test/brokers/describeBroker.js';

describeBroker('a client of SQS', 'elasticmq', (broker) => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const upshot = new Upshot({ service: 'billing', tracerProvider });
  let sqs: SQS;
  let queue: string;
  let QueueUrl: string;
  let count = 0;

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
    sqs = instrumentClient(new SQS({ endpoint: broker().url, region: 'us-east-1', credentials }), { upshot });
  });
  beforeEach(async () => {
    queue = `orders${++count}`;
    QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: queue }))).QueueUrl!;
    exporter.reset();
  });
  afterAll(() => {
    sqs?.destroy();
    context.disable();
  });

  const outcomes = () =>
    exporter
      .getFinishedSpans()
      .filter(({ kind }) => kind === SpanKind.CONSUMER)
      .map(({ attributes, status }) => [
        attributes['upshot.attempt'],
        attributes['upshot.outcome'],
        attributes['upshot.disposition'] ?? null,
        status.message ?? null,
      ]);

  async function receive(VisibilityTimeout?: number): Promise<Message[]> {
    const asked = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2, VisibilityTimeout };
    return (await sqs.send(new ReceiveMessageCommand(asked))).Messages ?? [];
  }

  async function sendAndReceive(messages: number, VisibilityTimeout?: number): Promise<Message[]> {
    for (let at = 0; at < messages; at++)
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${at}` }));
    return receive(VisibilityTimeout);
  }

  it('carries identity in attributes, and leaves commands of the caller alone', async () => {
    const own = { own: { DataType: 'String', StringValue: '1' } };
    const command = new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes: own });
    const { MessageId } = await sqs.send(command);
    expect(Object.keys(command.input.MessageAttributes!)).toEqual(['own']);
    const [message] = await receive();
    expect(message!.MessageAttributes!.own!.StringValue).toBe('1');
    const attempt = attemptOf(message!)!;
    expect(message!.MessageAttributes!['upshot-event-id']!.StringValue).toBe(attempt.eventId);
    expect(attempt).toMatchObject({ eventName: queue, consumer: queue, number: 1 });
    expect(exporter.getFinishedSpans()[0]!.attributes['messaging.message.id']).toBe(MessageId);
  });

  it('is content with as many attributes as are left, and with the message ID where none is', async () => {
    for (const taken of [5, 8, 10]) {
      const MessageAttributes = Object.fromEntries(
        Array.from({ length: taken }, (_, at) => [`own${at}`, { DataType: 'String', StringValue: `${at}` }]),
      );
      await upshot.workflow('order_441', () =>
        sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${taken}`, MessageAttributes })),
      );
      const [message] = await receive();
      expect(Object.keys(message!.MessageAttributes!).length).toBeLessThanOrEqual(10);
      const attempt = attemptOf(message!)!;
      expect(attempt.correlationId).toBe(taken === 10 ? null : 'order_441');
      if (taken === 10) expect(attempt.eventId).toBe(message!.MessageId);
    }
  });

  it('makes no message too large to be sent', async () => {
    const MessageBody = 'x'.repeat(262_144 - 20);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const [message] = await receive();
    expect(message!.Body).toHaveLength(MessageBody.length);
    expect(attemptOf(message!)!.eventId).toBe(message!.MessageId);
  });

  it('makes an event of each entry of a batch, and tells which was refused', async () => {
    const Entries = [
      { Id: 'a', MessageBody: 'a' },
      { Id: 'b', MessageBody: 'b', DelaySeconds: 0 },
    ];
    const command = new SendMessageBatchCommand({ QueueUrl, Entries });
    await sqs.send(command);
    expect(command.input.Entries).toBe(Entries);
    const messages = await receive();
    expect(new Set(messages.map((one) => attemptOf(one)!.eventId)).size).toBe(2);
    const sent = exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.PRODUCER);
    expect(sent.map(({ attributes }) => attributes['messaging.message.id']).sort()).toEqual(
      messages.map(({ MessageId }) => MessageId).sort(),
    );
    await expect(
      sqs.send(new SendMessageCommand({ QueueUrl: `${QueueUrl}-not-there`, MessageBody: 'x' })),
    ).rejects.toThrow();
    expect(exporter.getFinishedSpans().at(-1)!.status.message).toBeTruthy();
  });

  it('takes methods and callbacks of the library as well', async () => {
    const inside = await new Promise((resolve) => {
      sqs.sendMessage({ QueueUrl, MessageBody: 'x' }, () => resolve(upshot.current().eventId));
    });
    expect(inside).toBeNull();
    const { Messages } = await new Promise<{ Messages?: Message[] | undefined }>((resolve, reject) =>
      sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 2 }, (error: unknown, data) =>
        error ? reject(error) : resolve(data!),
      ),
    );
    expect(attemptOf(Messages![0]!)!.eventId).toBeTruthy();
  });

  it('runs a handler as an attempt, in the context of its message', async () => {
    const [message] = await sendAndReceive(1);
    const handle = handling(
      async (one: Message, extra: string) => {
        await Promise.resolve();
        return [upshot.current().eventId, one.Body, extra];
      },
      { step: 'do-it' },
    );
    expect(await handle(message!, 'more')).toEqual([attemptOf(message!)!.eventId, '0', 'more']);
    expect(outcomes()).toEqual([[1, 'succeeded', null, null]]);
  });

  it('makes an attempt of each try in place', async () => {
    const [message] = await sendAndReceive(1);
    let calls = 0;
    const handle = handling(async (_: Message) => {
      if (++calls === 1) throw new Error('the bank says 503');
    });
    await expect(handle(message!)).rejects.toThrow('503');
    await handle(message!);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle }));
    expect(outcomes()).toEqual([
      [1, 'failed', 'retry', 'the bank says 503'],
      [undefined, 'succeeded', null, null],
    ]);
  });

  it('says what becomes of a message whose handler fails: it comes again until its queue gives up', async () => {
    const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
    await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
    await sqs.setQueueAttributes({ QueueUrl, Attributes: { RedrivePolicy } });
    const error = new Error('the bank says 503');
    const handle = handling((_: Message) => {
      throw error;
    });
    const [first] = await sendAndReceive(1, 0);
    expect(() => handle(first!)).toThrow(error);
    const [second] = await receive(0);
    expect(() => handle(second!)).toThrow(error);
    expect(outcomes()).toEqual([
      [1, 'failed', 'retry', 'the bank says 503'],
      [2, 'failed', 'dead-letter', 'the bank says 503'],
    ]);
  });

  it('is settled by deletion and by visibility, without a handler that was wrapped', async () => {
    const [a, b, c] = await sendAndReceive(3);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: a!.ReceiptHandle }));
    const again = { QueueUrl, ReceiptHandle: b!.ReceiptHandle, VisibilityTimeout: 0 };
    await sqs.send(new ChangeMessageVisibilityCommand(again));
    const Entries = [{ Id: 'c', ReceiptHandle: c!.ReceiptHandle }];
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(outcomes()).toEqual([
      [1, 'succeeded', null, null],
      [1, 'failed', 'retry', 'made visible again'],
      [1, 'succeeded', null, null],
    ]);
  });

  it('has failed when its visibility timeout is over, unless that was made longer', async () => {
    const [a, b] = await sendAndReceive(2, 1);
    for (const message of [a!, b!]) attemptOf(message);
    const longer = { QueueUrl, ReceiptHandle: b!.ReceiptHandle, VisibilityTimeout: 20 };
    await sqs.send(new ChangeMessageVisibilityCommand(longer));
    await vi.waitFor(() => expect(outcomes()).toHaveLength(1), 20_000);
    expect(outcomes()[0]).toEqual([1, 'failed', 'retry', 'not deleted before its visibility timeout']);
  });

  it('handles messages in one go, of which some may be left', async () => {
    const messages = await sendAndReceive(3);
    const ids = messages.map(({ MessageId }) => MessageId!);
    await handling(async (all: Message[]) => all.slice(1))(messages);
    expect(
      outcomes()
        .map(([, outcome]) => outcome)
        .sort(),
    ).toEqual(['failed', 'succeeded', 'succeeded']);
    exporter.reset();
    // Lambda's records, which no client of ours received.
    const records = ids.map((messageId) => ({
      messageId,
      body: '{}',
      attributes: { ApproximateReceiveCount: '2' },
      messageAttributes: { 'upshot-event-name': { stringValue: 'order.placed', dataType: 'String' } },
      eventSourceARN: `arn:aws:sqs:us-east-1:1:${queue}`,
    }));
    const answer = { batchItemFailures: [{ itemIdentifier: ids[0] }] };
    expect(await handling(async (_: object[]) => answer, { upshot })(records)).toBe(answer);
    expect(outcomes().sort()).toEqual([
      [2, 'failed', 'retry', 'the handler did not count it as done'],
      [2, 'succeeded', null, null],
      [2, 'succeeded', null, null],
    ]);
    const [span] = exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.CONSUMER);
    expect(span!.attributes).toMatchObject({ 'upshot.event': 'order.placed', 'upshot.consumer': queue });
  });

  it('does nothing to what it does not know', async () => {
    expect(instrumentClient(sqs as SQSClient)).toBe(sqs);
    expect(attemptOf({})).toBeNull();
    expect(handling((text: string) => text.length)('abc')).toBe(3);
  });
});
