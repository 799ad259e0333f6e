import { type Attempt, upshot as processWide, type Reception, textOf } from '@upshot/sdk';
import type { MessageIn } from './clients.js';
import { KAFKA, MOST_KEY } from './KAFKA.js';
import type { ConsumerOptions } from './KafkaOptions.js';

/** Where a message came from, and the attempt that it is being handled as. */
interface Known {
  readonly group: string;
  readonly options: ConsumerOptions;
  attempt: Attempt | null;
  /** Whether somebody handles that attempt: the next one who comes is a new try. */
  taken: boolean;
}

const known = new WeakMap<object, Known>();

/** Notes who received a message. */
export function received(message: object, group: string, options: ConsumerOptions): void {
  if (!known.has(message)) known.set(message, { group, options, attempt: null, taken: false });
}

function knownOf(message: object): Known {
  const found = known.get(message);
  if (found !== undefined) return found;
  const nobody: Known = { group: '', options: {}, attempt: null, taken: false };
  known.set(message, nobody);
  return nobody;
}

/**
 * The attempt that a message is being handled as; it begins now if nobody has begun with it. To `run` what follows from it, to `skip` it, or to say
 * that it was put aside (`deadLetter`). Null for a message of a consumer that was not instrumented.
 */
export function attemptOf(message: object): Attempt | null {
  const found = known.get(message);
  if (found === undefined) return null;
  found.attempt ??= upshotOf(found, {}).begin(receptionOf(message as MessageIn, found, {}));
  return found.attempt;
}

/** The attempt for one who begins to handle a message: the one that is open and nobody's, else a new try. */
export function take(message: MessageIn, options: ConsumerOptions): Attempt {
  const found = knownOf(message);
  if (found.attempt === null || found.taken || found.attempt.outcome !== null)
    found.attempt = upshotOf(found, options).begin(receptionOf(message, found, options));
  found.taken = true;
  return found.attempt;
}

/** The attempts of messages that are handled in one go. */
export function takeAll(messages: readonly MessageIn[], options: ConsumerOptions) {
  const all = messages.map(knownOf);
  const upshot = all[0] === undefined ? (options.upshot ?? processWide) : upshotOf(all[0], options);
  const batch = upshot.beginBatch(messages.map((message, at) => receptionOf(message, all[at]!, options)));
  all.forEach((one, at) => {
    one.attempt = batch.attempts[at]!;
    one.taken = true;
  });
  return batch;
}

function upshotOf({ options }: Known, own: ConsumerOptions) {
  return own.upshot ?? options.upshot ?? processWide;
}

function receptionOf(message: MessageIn, { group, options }: Known, own: ConsumerOptions): Reception {
  const { topic, partition, offset, key, headers } = message;
  const all = { ...options, ...own };
  return {
    transport: KAFKA,
    headers,
    consumer: all.consumer ?? (group === '' ? undefined : group),
    step: stepOf(message, all),
    destination: topic,
    placeName: topic,
    key: textOf(key, MOST_KEY) ?? undefined,
    partition,
    offset: String(offset),
    attributes: group === '' ? {} : { 'messaging.consumer.group.name': group },
  };
}

function stepOf(message: MessageIn, { step }: ConsumerOptions): string | undefined {
  const { topic } = message;
  if (typeof step === 'string' || step === undefined) return step;
  if (typeof step !== 'function') return Object.hasOwn(step, topic) ? step[topic] : undefined;
  try {
    return step(topic, message);
  } catch {
    return undefined;
  }
}
