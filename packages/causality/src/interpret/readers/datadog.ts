import { SpanKind } from '@upshot/model';
import { said } from '../concepts.js';
import { PROCESS, PUBLISH, SETTLE } from './operations.js';
import type { Reader } from './Reader.js';

/** Names of Datadog's integrations in both of its schemas: `kafka.produce` and `kafka.send`, `kafka.consume`, `amqp.publish`, `pubsub.receive`. */
const NAMED = /^(?:kafka|amqp|gcp\.pubsub|pubsub|bullmq|aws\.sqs|azure\.\w+)\.(\w+)(?:-batch)?$/;

/**
 * Datadog's tracers (dd-trace 5: datadog-plugin-kafkajs, -amqplib, -google-cloud-pubsub; service-naming/schemas), as its receiver in the Collector hands
 * them on: tags become attributes (`kafka.topic`, `kafka.partition`, `kafka.message.offset`, `amqp.queue`, `pubsub.message_id`). An integration's
 * spans may have a service of their own, `shop-kafka`; then `_dd.base_service` is the true one.
 */
export const datadog: Reader = {
  name: 'datadog',
  applies: ({ name, attributes }) => attributes.has('_dd.base_service') || NAMED.test(name),
  operation({ name, kind }) {
    const verb = NAMED.exec(name)?.[1];
    switch (verb) {
      case 'produce':
      case 'send':
      case 'publish':
      case 'request':
        return kind === SpanKind.internal || kind === SpanKind.unspecified ? PUBLISH : null;
      case 'consume':
      case 'process':
      case 'deliver':
      case 'receive':
        return PROCESS;
      case 'ack':
      case 'nack':
        return SETTLE;
      default:
        return null;
    }
  },
  read(draft) {
    const base = said(draft.span.attributes, 'baseService');
    if (base === null || base === draft.service) return;
    if (draft.consumer === draft.service) draft.consumer = base;
    draft.service = base;
  },
};
