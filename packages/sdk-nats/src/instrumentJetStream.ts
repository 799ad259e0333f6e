import type { ConsumerLike, JetStreamLike } from './clients.js';
import { instrumentConsumer } from './instrumentConsumer.js';
import type { NatsOptions } from './NatsOptions.js';
import { publishing } from './publishing.js';

/** The calls of `js.consumers` that give a consumer, of both clients. */
const GETTERS = [
  'get',
  'getConsumerFromInfo',
  'getPullConsumerFor',
  'getPushConsumer',
  'getBoundPushConsumer',
] as const;

const done = new WeakSet<object>();

/**
 * One line for a JetStream client: `const js = instrumentJetStream(jetstream(connection))`. What it publishes carries its context, and each delivery
 * to its consumers is an attempt. The same client is returned, and nothing that it does is changed.
 */
export function instrumentJetStream<JetStream extends JetStreamLike>(
  js: JetStream,
  options: NatsOptions = {},
): JetStream {
  if (done.has(js)) return js;
  done.add(js);
  const own = js as unknown as { publish: (...args: unknown[]) => Promise<unknown> };
  own.publish = publishing(own.publish.bind(js), options);
  const { consumers } = js;
  const getters = consumers as unknown as Record<string, ((...args: unknown[]) => unknown) | undefined>;
  for (const name of GETTERS) {
    const get = getters[name];
    if (typeof get !== 'function') continue;
    getters[name] = (...args) => {
      const found = get.apply(consumers, args);
      return found instanceof Promise
        ? found.then((consumer) => instrumentConsumer(consumer as ConsumerLike, options))
        : instrumentConsumer(found as ConsumerLike, options);
    };
  }
  return js;
}
