import { said } from '../concepts.js';
import type { Reader } from './Reader.js';

/**
 * RabbitMQ through amqplib: a consumer span ends at ack, nack or reject, and a negative one has status ERROR with one of the messages
 * below (@opentelemetry/instrumentation-amqplib, `EndOperation`). Without requeue the broker drops the message or moves it to the
 * queue's dead-letter exchange: the end of this delivery either way, unless the same consumer sees it again.
 */
export const rabbitmq: Reader = {
  name: 'rabbitmq',
  applies: (span) => said(span.attributes, 'system') === 'rabbitmq',
  read(draft) {
    if (draft.role !== 'process' || draft.outcome !== 'failed') return;
    const said = draft.span.status.message;
    if (!/^(?:nack|nackAll|reject)\b/.test(said)) return;
    if (/\bwithout requeue\b/.test(said)) draft.verdict = 'dead-letter';
    else if (/\bwith requeue\b/.test(said)) draft.verdict = 'retry';
    if (draft.error?.type === 'Error') draft.error = { type: said.split(' ', 1)[0]!, message: said };
  },
};
