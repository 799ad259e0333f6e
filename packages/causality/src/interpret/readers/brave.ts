import { SpanKind } from '@upshot/model';
import { PROCESS, RECEIVE } from './operations.js';
import type { Reader } from './Reader.js';

/** Tags of Brave's instrumentations: KafkaTags.java, JmsTracing.java, SpringRabbitTracing.java. */
const TAGS = ['kafka.topic', 'jms.queue', 'jms.topic', 'rabbit.queue', 'rabbit.exchange'];

/**
 * Brave 6 (io.zipkin.brave: brave-instrumentation-kafka-clients, -jms, -spring-rabbit), by way of Zipkin: names are one word, `send`, `poll`,
 * `receive`, `next-message`. These are CONSUMER spans without length; the listener's work is an INTERNAL span `on-message` below them, without tags.
 */
export const brave: Reader = {
  name: 'brave',
  applies: ({ name, attributes }) => name === 'on-message' || TAGS.some((tag) => attributes.has(tag)),
  operation({ name, kind }) {
    if (name === 'on-message') return PROCESS;
    if (kind !== SpanKind.consumer) return null;
    return name === 'poll' || name === 'receive' || name === 'next-message' ? RECEIVE : null;
  },
};
