import type { Reader } from './Reader.js';

/**
 * Spring's own observations through Micrometer (spring-kafka 4.0: KafkaListenerObservation.java, KafkaTemplateObservation.java; spring-rabbit 4.0:
 * RabbitListenerObservation.java, RabbitTemplateObservation.java): all values are text, and RabbitMQ's spans name no system. A Rabbit listener says
 * `receive` and is the work itself; its destination is the queue. Listener IDs that were made up (`…ListenerEndpointContainer#0-0`) name nobody.
 */
export const spring: Reader = {
  name: 'spring',
  applies: ({ attributes }) =>
    attributes.has('spring.rabbit.listener.id') ||
    attributes.has('spring.rabbit.template.name') ||
    attributes.has('spring.kafka.listener.id'),
  read(draft) {
    const { attributes } = draft.span;
    if (draft.role === 'publish') {
      // The contextual name is `exchange/routing.key send`.
      draft.step = null;
      return;
    }
    if (attributes.has('spring.rabbit.listener.id') && draft.destination !== null && draft.consumerRank > 4) {
      draft.consumer = draft.destination;
      draft.consumerRank = 4;
    }
    if (draft.consumer.includes('ListenerEndpointContainer#')) {
      draft.consumer = draft.service;
      draft.consumerRank = 5;
    }
  },
};
