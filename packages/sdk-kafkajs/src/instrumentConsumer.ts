import { type Attempt, upshot as processWide, type Reception, textOf } from '@upshot/sdk';
import type { ConsumerLike, EachBatch, EachMessage, MessageIn } from './clients.js';
import { KAFKA } from './KAFKA.js';
import type { ConsumerOptions } from './KafkaOptions.js';

type Handler<Payload> = (payload: Payload) => Promise<void>;

interface RunConfig {
  readonly eachMessage?: Handler<EachMessage>;
  readonly eachBatch?: Handler<EachBatch>;
  readonly eachBatchAutoResolve?: boolean;
}

type Run = (config?: unknown) => Promise<void>;

const attempts = new WeakMap<object, Attempt>();
const done = new WeakSet<object>();
const MOST_KEY = 256;

/**
 * The attempt that a message is being handled as: in `eachBatch`, to `run` what follows from this message; to `skip` it, or to say that the handler
 * has put it aside (`deadLetter`). Null for a message of a consumer that was not instrumented.
 */
export function attemptOf(message: object): Attempt | null {
  return attempts.get(message) ?? null;
}

/**
 * Instruments a consumer: each try of each message is an attempt of its group. One whose handler fails will be tried again, for Kafka knows no other
 * end. The same consumer is returned.
 *
 * @param group the consumer's group; a consumer itself does not tell it
 */
export function instrumentConsumer<Consumer extends ConsumerLike>(
  consumer: Consumer,
  group: string,
  options: ConsumerOptions = {},
): Consumer {
  if (done.has(consumer)) return consumer;
  done.add(consumer);
  const own = consumer as unknown as { run: Run };
  const run = own.run;
  own.run = (given) => {
    const config = (given ?? {}) as RunConfig;
    const { eachMessage, eachBatch } = config;
    const wrapped: Record<string, unknown> = { ...config };
    if (typeof eachMessage === 'function') wrapped.eachMessage = forMessage(eachMessage, group, options);
    if (typeof eachBatch === 'function') {
      wrapped.eachBatch = forBatch(eachBatch, config.eachBatchAutoResolve !== false, group, options);
      // Of a batch, the official instrumentation hands none of its spans over: they would stand beside ours. So it is left out.
      return unofficial(run).call(consumer, wrapped);
    }
    return run.call(consumer, wrapped);
  };
  return consumer;
}

/** The method below the wrapper of OpenTelemetry's instrumentations, which keep it by this name. */
function unofficial(run: Run): Run {
  const { __original: original } = run as { __original?: unknown };
  return typeof original === 'function' ? (original as Run) : run;
}

function forMessage(
  handler: Handler<EachMessage>,
  group: string,
  options: ConsumerOptions,
): Handler<EachMessage> {
  return (payload) => {
    const { topic, partition, message } = payload;
    const reception = receptionOf(topic, partition, message, group, options);
    return (options.upshot ?? processWide).process(reception, (attempt) => {
      attempts.set(message, attempt);
      return handler(payload);
    });
  };
}

function forBatch(
  handler: Handler<EachBatch>,
  autoResolve: boolean,
  group: string,
  options: ConsumerOptions,
): Handler<EachBatch> {
  return async (payload) => {
    const { topic, partition, messages } = payload.batch;
    const batch = (options.upshot ?? processWide).beginBatch(
      messages.map((message) => receptionOf(topic, partition, message, group, options)),
    );
    messages.forEach((message, index) => {
      attempts.set(message, batch.attempts[index]!);
    });
    let resolved = -1n;
    const resolveOffset = (offset: string): void => {
      resolved = greater(resolved, offset);
      payload.resolveOffset(offset);
    };
    /** What was resolved is done, whatever becomes of the rest: it does not come again. */
    const settleResolved = () =>
      messages.forEach(({ offset }, index) => {
        if (greater(-1n, offset) <= resolved) batch.attempts[index]!.succeed();
      });
    try {
      await batch.run(() => handler({ ...payload, resolveOffset }));
    } catch (error) {
      settleResolved();
      batch.fail(error, () => decide(error));
      throw error;
    }
    settleResolved();
    if (!autoResolve) for (const attempt of batch.attempts) attempt.fail(notResolved(), 'retry');
    batch.succeed();
  };
}

/** Errors of these kinds stop the consumer for good (kafkajs, `src/retry`): whether its message comes again, nobody knows. */
const PROGRAMMER_ERRORS: ReadonlySet<string> = new Set([
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
]);

function decide(error: unknown): 'retry' | null {
  if (!(error instanceof Error)) return 'retry';
  const { retriable } = error as { retriable?: unknown };
  return retriable === false || PROGRAMMER_ERRORS.has(error.name) ? null : 'retry';
}

function notResolved(): Error {
  const error = new Error('the batch ended before it was resolved');
  error.name = 'NotResolved';
  error.stack = undefined;
  return error;
}

function greater(than: bigint, offset: string): bigint {
  if (!/^\d{1,19}$/.test(String(offset))) return than;
  const value = BigInt(offset);
  return value > than ? value : than;
}

function receptionOf(
  topic: string,
  partition: number,
  message: MessageIn,
  group: string,
  options: ConsumerOptions,
): Reception {
  return {
    transport: KAFKA,
    headers: message.headers,
    consumer: options.consumer ?? group,
    step: stepOf(topic, message, options),
    destination: topic,
    placeName: topic,
    key: textOf(message.key, MOST_KEY) ?? undefined,
    partition,
    offset: message.offset,
    decide,
    attributes: { 'messaging.consumer.group.name': group },
  };
}

function stepOf(topic: string, message: MessageIn, { step }: ConsumerOptions): string | undefined {
  if (typeof step === 'string' || step === undefined) return step;
  if (typeof step !== 'function') return Object.hasOwn(step, topic) ? step[topic] : undefined;
  try {
    return step(topic, message);
  } catch {
    return undefined;
  }
}
