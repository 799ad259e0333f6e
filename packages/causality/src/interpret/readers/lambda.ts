import { SpanKind } from '@upshot/model';
import { asText } from '../concepts.js';
import { RECEIVE } from './operations.js';
import type { Reader } from './Reader.js';

/**
 * AWS Lambda (@opentelemetry/instrumentation-aws-lambda 0.75.0, build/src/instrumentation.js: `_startEventSourceSpans`, `_startSqsProcessSpan`; its recording):
 * the SERVER span of a call that brings messages stands around their `process` span, and what the handler does stands beside that one, below the call.
 */
export const lambda: Reader = {
  name: 'lambda',
  applies: ({ kind, attributes, source }) =>
    kind === SpanKind.server &&
    asText(attributes.get('faas.trigger')) === 'pubsub' &&
    /aws[-_]lambda/.test(source.scope.name),
  operation: () => RECEIVE,
};
