export type { ConsumerLike, JetStreamLike, MessageLike } from './clients.js';
export { attemptOf } from './Deliveries.js';
export { instrumentConsumer } from './instrumentConsumer.js';
export { instrumentJetStream } from './instrumentJetStream.js';
export type { ConsumerOptions, NatsOptions, PublisherOptions } from './NatsOptions.js';
export { type AdvisoryOptions, type ConnectionLike, watchAdvisories } from './watchAdvisories.js';
