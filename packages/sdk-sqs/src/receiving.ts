import { unobserved } from '@upshot/sdk';
import { type CommandLike, hear, type Input, type Send, withInput } from './commands.js';
import { lastOf } from './messages.js';
import type { QueueTerms } from './QueueTerms.js';
import { named, Receipt } from './Receipt.js';
import { RECEIPTS } from './Receipts.js';
import type { SqsOptions } from './SqsOptions.js';

/** SQS hands out no attribute that nobody asked for. */
const SYSTEM = ['ApproximateReceiveCount', 'AWSTraceHeader', 'DeadLetterQueueSourceArn'];

/**
 * Receives, and asks for what carries the context. The official instrumentation's span of it is held back: it would stand for an attempt of each
 * message, which it is not.
 */
export function receiving(
  send: Send,
  command: CommandLike,
  rest: readonly unknown[],
  terms: QueueTerms,
  options: SqsOptions,
): unknown {
  const { input } = command;
  const heard = (_: unknown, output: unknown) => {
    const { Messages } = (output ?? {}) as { Messages?: unknown };
    if (!Array.isArray(Messages)) return;
    for (const message of Messages) {
      if (typeof message === 'object' && message !== null)
        RECEIPTS.add(message, receiptOf(message, input, terms, options));
    }
  };
  return unobserved(() => hear(send, withInput(command, asking(input)), rest, heard));
}

function receiptOf(message: object, input: Input, terms: QueueTerms, options: SqsOptions): Receipt {
  const { QueueUrl, VisibilityTimeout } = input;
  const url = String(QueueUrl);
  const known = terms.of(url);
  const visibilityMs = typeof VisibilityTimeout === 'number' ? VisibilityTimeout * 1000 : known.visibilityMs;
  return new Receipt(message, lastOf(url, '/'), { ...known, visibilityMs }, options);
}

function asking(input: Input): Input {
  const { MessageAttributeNames, MessageSystemAttributeNames, AttributeNames } = input;
  // The older name of the same: both at once are refused by some.
  const system = MessageSystemAttributeNames === undefined && AttributeNames !== undefined;
  return {
    ...input,
    MessageAttributeNames: ['All', ...listOf(MessageAttributeNames).filter((name) => name !== 'All')],
    ...(system
      ? { AttributeNames: joined(AttributeNames) }
      : { MessageSystemAttributeNames: joined(MessageSystemAttributeNames) }),
  };
}

function joined(asked: unknown): readonly unknown[] {
  const list = listOf(asked);
  return list.includes('All') ? list : [...new Set([...list, ...SYSTEM])];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The operations that settle messages, by name. */
export const SETTLES: ReadonlySet<string> = new Set([
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'DeleteMessage',
  'DeleteMessageBatch',
]);

/** A message that is deleted is done; one that is made visible comes again; any other time begins its visibility timeout anew. */
export function settling(
  send: Send,
  command: CommandLike,
  rest: readonly unknown[],
  operation: string,
): unknown {
  const { input } = command;
  const entries = (Array.isArray(input.Entries) ? input.Entries : [input]) as readonly Input[];
  return hear(send, command, rest, (error, output) => {
    if (error !== null) return;
    const { Failed } = (output ?? {}) as { Failed?: unknown };
    const failed = new Set(listOf(Failed).map((one) => (one as { Id?: unknown } | null)?.Id));
    for (const entry of entries) {
      if (typeof entry !== 'object' || entry === null) continue;
      if (entry.Id === undefined || !failed.has(entry.Id)) settle(operation, entry);
    }
  });
}

function settle(operation: string, { ReceiptHandle, VisibilityTimeout }: Input): void {
  const receipt = RECEIPTS.find(ReceiptHandle);
  if (receipt === null) return;
  if (operation.startsWith('Delete')) {
    RECEIPTS.forget(ReceiptHandle);
    receipt.succeed();
  } else if (VisibilityTimeout === 0) {
    RECEIPTS.forget(ReceiptHandle);
    receipt.fail(named('ChangeMessageVisibility', 'made visible again'));
  } else if (typeof VisibilityTimeout === 'number') receipt.visibleIn(VisibilityTimeout * 1000);
}
