import type { ConsumerLike, MessageIn } from './clients.js';
import { ended, isMessage } from './handling.js';
import type { ConsumerOptions } from './KafkaOptions.js';
import { attemptOf, received, take } from './Messages.js';

type Call = (...args: unknown[]) => unknown;

/** What a stream of messages has that is used here. */
interface StreamLike {
  emit: Call;
  rawListeners(name: string): Call[];
  [Symbol.asyncIterator](): AsyncIterator<unknown>;
}

const done = new WeakSet<object>();

/**
 * One line for a consumer: `const consumer = instrumentConsumer(new Consumer({ … }))`. Listeners of `data` on its streams are attempts from then on; in a
 * loop over a stream, where no library can see the body, wrap what the body calls by `handling`. The same consumer is returned.
 */
export function instrumentConsumer<Consumer extends ConsumerLike>(
  consumer: Consumer,
  options: ConsumerOptions = {},
): Consumer {
  if (done.has(consumer)) return consumer;
  done.add(consumer);
  const own = consumer as unknown as { consume: Call };
  const consume = own.consume.bind(consumer);
  const watched = (stream: unknown) => watch(stream, consumer.groupId, options);
  own.consume = (...args) => {
    const callback = args.at(-1);
    if (typeof callback === 'function')
      return consume(...args.slice(0, -1), (error: unknown, stream: unknown) =>
        callback(error, watched(stream)),
      );
    return (consume(...args) as Promise<unknown>).then(watched);
  };
  return consumer;
}

function watch(stream: unknown, group: string, options: ConsumerOptions): unknown {
  if (typeof stream !== 'object' || stream === null || done.has(stream)) return stream;
  done.add(stream);
  const own = stream as StreamLike;
  const note = (message: MessageIn) => {
    received(message, group, options);
    watchCommit(message);
  };
  const iterate = own[Symbol.asyncIterator].bind(own);
  own[Symbol.asyncIterator] = () => {
    const iterator = iterate();
    const next = iterator.next.bind(iterator);
    iterator.next = async (...args) => {
      const result = await next(...args);
      if (isMessage(result.value)) note(result.value);
      return result;
    };
    return iterator;
  };
  const emit = own.emit.bind(own);
  own.emit = (name, ...args) => {
    const [message] = args;
    if (name !== 'data' || !isMessage(message)) return emit(name, ...args);
    note(message);
    return listen(own, message, args, options);
  };
  return stream;
}

/** Calls the listeners as an emitter does: the attempt is done when the last of them is. */
function listen(stream: StreamLike, message: MessageIn, args: unknown[], options: ConsumerOptions): boolean {
  const listeners = stream.rawListeners('data');
  if (listeners.length === 0) return false;
  const attempt = attemptOf(message) ?? take(message, options);
  let waiting = listeners.length;
  for (const listener of listeners) {
    const result = ended(
      () => attempt.run(() => listener.apply(stream, args)),
      () => {
        waiting--;
        if (waiting === 0) attempt.succeed();
      },
      (error) => attempt.fail(error),
    );
    // An emitter looks at no result: what rejects goes on being unhandled.
    void result;
  }
  return true;
}

/** Who commits a message is done with it. */
function watchCommit(message: MessageIn): void {
  const own = message as unknown as { commit?: Call };
  const commit = own.commit;
  if (typeof commit !== 'function') return;
  own.commit = (...args) => {
    attemptOf(message)?.succeed();
    return commit.apply(message, args);
  };
}
