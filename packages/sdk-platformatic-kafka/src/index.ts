export type { ConsumerLike, MessageIn, MessageOut, ProducerLike } from './clients.js';
export { handling } from './handling.js';
export { instrumentConsumer } from './instrumentConsumer.js';
export { instrumentProducer } from './instrumentProducer.js';
export type { ConsumerOptions, ProducerOptions } from './KafkaOptions.js';
export { attemptOf } from './Messages.js';
