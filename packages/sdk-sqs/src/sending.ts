import { upshot as processWide, type Sending, type Transport, textOf } from '@upshot/sdk';
import { SNS, SQS, withRoom } from './AWS.js';
import { type CommandLike, hear, type Input, type Send, withInput } from './commands.js';
import { headersOf, lastOf } from './messages.js';
import type { SqsOptions } from './SqsOptions.js';

/** How a service calls what a message has. */
interface Form {
  readonly transport: Transport;
  readonly body: string;
  readonly entries: string;
  readonly place: (input: Input) => string | null;
}

const QUEUE: Form = {
  transport: SQS,
  body: 'MessageBody',
  entries: 'Entries',
  place: ({ QueueUrl }) => (typeof QueueUrl === 'string' ? lastOf(QueueUrl, '/') : null),
};

const TOPIC: Form = {
  transport: SNS,
  body: 'Message',
  entries: 'PublishBatchRequestEntries',
  place: ({ TopicArn, TargetArn }) => {
    const arn = TopicArn ?? TargetArn;
    return typeof arn === 'string' ? lastOf(arn, ':') : null;
  },
};

/** The operations that send, by name. */
export const SENDS: ReadonlyMap<string, { readonly form: Form; readonly many: boolean }> = new Map([
  ['SendMessage', { form: QUEUE, many: false }],
  ['SendMessageBatch', { form: QUEUE, many: true }],
  ['Publish', { form: TOPIC, many: false }],
  ['PublishBatch', { form: TOPIC, many: true }],
]);

const MOST_KEY = 256;

interface Result {
  readonly Id?: unknown;
  readonly MessageId?: unknown;
  readonly Code?: unknown;
  readonly Message?: unknown;
}

/** Sends with the context in each message's attributes. What is addressed to no queue and no topic (a phone) goes as it is. */
export function sending(
  send: Send,
  command: CommandLike,
  rest: readonly unknown[],
  operation: string,
  options: SqsOptions,
): unknown {
  const { form, many } = SENDS.get(operation)!;
  const { input } = command;
  const place = form.place(input);
  const given = many ? input[form.entries] : [input];
  if (place === null || !Array.isArray(given) || !given.every(isObject)) return send(command, ...rest);

  const entries = given as readonly Input[];
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry, form), 0);
  const transport = withRoom(form.transport, bytes, Math.max(1, entries.length));
  const sendings: Sending[] = [];
  const carrying = entries.map((entry) => {
    const one = (options.upshot ?? processWide).open({
      transport,
      event: named(() => options.event?.(place, entry)),
      destination: place,
      placeName: place,
      key: textOf(entry.MessageGroupId, MOST_KEY) ?? undefined,
      headers: headersOf(entry.MessageAttributes),
    });
    sendings.push(one);
    return { ...entry, MessageAttributes: withAttributes(entry.MessageAttributes, one.headers) };
  });
  const carried = withInput(command, many ? { ...input, [form.entries]: carrying } : carrying[0]!);
  const heard = (error: unknown, output: unknown) =>
    many ? endEach(sendings, entries, error, output) : endOne(sendings[0]!, error, output);
  const call = () => hear(send, carried, rest, heard);
  try {
    // The first one's context serves for the call: it holds back the official instrumentation's span.
    return sendings[0] === undefined ? call() : sendings[0].run(call);
  } catch (error) {
    for (const one of sendings) one.end(error);
    throw error;
  }
}

function endOne(one: Sending, error: unknown, output: unknown): void {
  if (error === null) one.learn({ 'messaging.message.id': idOf(output as Result | undefined) });
  one.end(error ?? undefined);
}

/** Of a batch, some may have been refused. */
function endEach(
  sendings: readonly Sending[],
  entries: readonly Input[],
  error: unknown,
  output: unknown,
): void {
  const { Successful, Failed } = (output ?? {}) as { Successful?: unknown; Failed?: unknown };
  const of = (results: unknown, id: unknown): Result | undefined =>
    Array.isArray(results) ? results.find((one: Result | null) => one?.Id === id) : undefined;
  sendings.forEach((one, at) => {
    const id = entries[at]!.Id;
    const failed = of(Failed, id);
    if (failed !== undefined) one.end(refused(failed));
    else endOne(one, error, of(Successful, id));
  });
}

function refused({ Code, Message }: Result): Error {
  const error = new Error(String(Message ?? 'refused'));
  error.name = String(Code ?? 'Refused');
  error.stack = undefined;
  return error;
}

function idOf(result: Result | undefined): string | undefined {
  return typeof result?.MessageId === 'string' ? result.MessageId : undefined;
}

function withAttributes(own: unknown, headers: Readonly<Record<string, string>>): object {
  const attributes: Record<string, unknown> = { ...(own as object | undefined) };
  for (const name in headers) attributes[name] = { DataType: 'String', StringValue: headers[name] };
  return attributes;
}

function bytesOf(entry: Input, { body }: Form): number {
  const content = entry[body];
  let bytes = typeof content === 'string' ? Buffer.byteLength(content) : 0;
  for (const [name, value] of Object.entries(headersOf(entry.MessageAttributes)))
    bytes += name.length + Buffer.byteLength(value instanceof Uint8Array ? value : String(value)) + 16;
  return bytes;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function named(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
