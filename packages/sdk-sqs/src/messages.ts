import { textOf } from '@upshot/sdk';

/** An attribute as a client gives it, as an SNS notification holds it, and as Lambda does. */
interface AttributeLike {
  readonly StringValue?: unknown;
  readonly stringValue?: unknown;
  readonly Value?: unknown;
  readonly BinaryValue?: unknown;
}

/** A message as SQS's client gives it, or as Lambda hands it to a function. */
interface RawMessage {
  readonly MessageId?: unknown;
  readonly messageId?: unknown;
  readonly ReceiptHandle?: unknown;
  readonly receiptHandle?: unknown;
  readonly Body?: unknown;
  readonly body?: unknown;
  readonly Attributes?: unknown;
  readonly attributes?: unknown;
  readonly MessageAttributes?: unknown;
  readonly messageAttributes?: unknown;
  readonly eventSourceARN?: unknown;
}

/** What a message says of itself, in either form, read and bounded. */
export interface Said {
  readonly messageId: string | undefined;
  readonly receiptHandle: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  /** From 1; undefined where nobody asked for it, and in a dead-letter queue, where the count of the first queue goes on. */
  readonly receives: number | undefined;
  /** The topic that it came over, where it lies in SNS's envelope. */
  readonly topic: string | undefined;
  /** The queue, as Lambda tells it. */
  readonly queue: string | undefined;
}

const MOST_TEXT = 512;
/** A receipt handle has up to 1024 characters. */
const MOST_HANDLE = 2048;

export function saidBy(message: object): Said {
  const raw = message as RawMessage;
  const system = (raw.Attributes ?? raw.attributes ?? {}) as Readonly<Record<string, unknown>>;
  const attributes = headersOf(raw.MessageAttributes ?? raw.messageAttributes);
  const envelope = Object.keys(attributes).length === 0 ? envelopeIn(raw.Body ?? raw.body) : null;
  const count = Number(textOf(system.ApproximateReceiveCount, 9) ?? Number.NaN);
  const isDead = system.DeadLetterQueueSourceArn !== undefined;
  const arn = textOf(raw.eventSourceARN, MOST_TEXT);
  return {
    messageId: envelope?.messageId ?? textOf(raw.MessageId ?? raw.messageId, MOST_TEXT) ?? undefined,
    receiptHandle: textOf(raw.ReceiptHandle ?? raw.receiptHandle, MOST_HANDLE) ?? undefined,
    headers: { AWSTraceHeader: system.AWSTraceHeader, ...(envelope?.headers ?? attributes) },
    receives: Number.isSafeInteger(count) && count > 0 && !isDead ? count : undefined,
    topic: envelope?.topic,
    queue: arn === null ? undefined : lastOf(arn, ':'),
  };
}

/** Attributes as headers: their values alone. */
export function headersOf(attributes: unknown): Record<string, unknown> {
  const headers: Record<string, unknown> = {};
  if (typeof attributes !== 'object' || attributes === null) return headers;
  for (const name in attributes) {
    const one = (attributes as Readonly<Record<string, AttributeLike | null>>)[name];
    headers[name] = one?.StringValue ?? one?.stringValue ?? one?.Value ?? one?.BinaryValue ?? '';
  }
  return headers;
}

/** The last part of an ARN or a URL: the name. */
export function lastOf(text: string, separator: '/' | ':'): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}

interface Envelope {
  readonly messageId: string | undefined;
  readonly topic: string | undefined;
  readonly headers: Record<string, unknown>;
}

/** SNS takes 256 KiB, and wraps them with escapes. */
const MOST_ENVELOPE = 1_048_576;

/** Without raw delivery, SNS puts a message and its attributes into the body of another one. */
function envelopeIn(body: unknown): Envelope | null {
  if (typeof body !== 'string' || body.length > MOST_ENVELOPE || !body.includes('"Notification"'))
    return null;
  try {
    const { Type, TopicArn, MessageId, MessageAttributes } = JSON.parse(body) as Record<string, unknown>;
    if (Type !== 'Notification') return null;
    const arn = textOf(TopicArn, MOST_TEXT);
    return {
      messageId: textOf(MessageId, MOST_TEXT) ?? undefined,
      topic: arn === null ? undefined : lastOf(arn, ':'),
      headers: headersOf(MessageAttributes),
    };
  } catch {
    return null;
  }
}
