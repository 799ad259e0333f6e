import type { ConsumerLike, KafkaLike, ProducerLike } from './clients.js';
import { instrumentConsumer } from './instrumentConsumer.js';
import { instrumentProducer } from './instrumentProducer.js';
import type { KafkaOptions } from './KafkaOptions.js';

const done = new WeakSet<object>();

/** One line for a client: `const kafka = instrumentKafka(new Kafka({ … }))`. All of its producers and consumers are instrumented; it is returned as it is. */
export function instrumentKafka<Kafka extends KafkaLike>(kafka: Kafka, options: KafkaOptions = {}): Kafka {
  if (done.has(kafka)) return kafka;
  done.add(kafka);
  const own = kafka as unknown as {
    producer: (config?: unknown) => ProducerLike;
    consumer: (config?: unknown) => ConsumerLike;
  };
  const producer = own.producer.bind(kafka);
  const consumer = own.consumer.bind(kafka);
  own.producer = (config) => instrumentProducer(producer(config), options);
  own.consumer = (config) => instrumentConsumer(consumer(config), groupOf(config), options);
  return kafka;
}

/** `groupId` of kafkajs; Confluent's client takes it under `kafkaJS`, or as librdkafka's `group.id`. */
function groupOf(config: unknown): string {
  const given = (config ?? {}) as {
    groupId?: unknown;
    kafkaJS?: { groupId?: unknown };
    'group.id'?: unknown;
  };
  const group = given.groupId ?? given.kafkaJS?.groupId ?? given['group.id'];
  return typeof group === 'string' ? group : '';
}
