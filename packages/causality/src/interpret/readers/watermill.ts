import { errorOf } from '../outcome.js';
import { isDeadLetterName } from '../retryNames.js';
import type { Reader } from './Reader.js';

/**
 * Go's watermill middleware (voi-oss/watermill-opentelemetry, pkg/opentelemetry/subscribers.go, publishers.go) records the handler's error with RecordError
 * and sets no status: there, and only there, an exception event on the consumer's span is the failure of the attempt. Watermill's own poison queue
 * (ThreeDotsLabs/watermill, message/router/middleware/poison.go) publishes within the handler's span, and takes the error away before it could be recorded: that the message
 * was given up is told by the place alone, which one for the whole router may have.
 */
export const watermill: Reader = {
  name: 'watermill',
  applies: (span) => span.source.scope.name.includes('watermill'),
  read(draft) {
    const { span } = draft;
    if (draft.role === 'publish') {
      if (isDeadLetterName(draft.destination ?? '')) draft.verdict = 'dead-letter';
      return;
    }
    if (draft.outcome !== 'succeeded') return;
    if (!span.events.some((event) => event.name === 'exception')) return;
    draft.outcome = 'failed';
    draft.error = errorOf(span);
  },
};
