export type { ConsumerLike, KafkaLike, MessageIn, MessageOut, ProducerLike } from './clients.js';
export { attemptOf, instrumentConsumer } from './instrumentConsumer.js';
export { instrumentKafka } from './instrumentKafka.js';
export { instrumentProducer } from './instrumentProducer.js';
export type { ConsumerOptions, KafkaOptions, ProducerOptions } from './KafkaOptions.js';
