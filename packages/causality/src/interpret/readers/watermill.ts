import { errorOf } from '../outcome.js';
import type { Reader } from './Reader.js';

/**
 * Go's watermill middleware (voi-oss/watermill-opentelemetry, pkg/opentelemetry/subscribers.go, publishers.go) records the handler's error with RecordError
 * and sets no status: there, and only there, an exception event on the consumer's span is the failure of the attempt.
 */
export const watermill: Reader = {
  name: 'watermill',
  applies: (span) => span.source.scope.name.includes('watermill'),
  read(draft) {
    const { span } = draft;
    if (draft.role === 'publish') return;
    if (draft.outcome !== 'succeeded') return;
    if (!span.events.some((event) => event.name === 'exception')) return;
    draft.outcome = 'failed';
    draft.error = errorOf(span);
  },
};
