import { asText } from '../concepts.js';
import type { Reader } from './Reader.js';

/**
 * Celery through OpenTelemetry's instrumentation for Python: a run that asks for its own retry, or fails with an exception that its task declares
 * (`throws`), ends with status UNSET. `celery.state` says RETRY or FAILURE, and `celery.retry.reason` why.
 */
export const celery: Reader = {
  name: 'celery',
  applies: (span) => span.attributes.has('celery.state'),
  read(draft) {
    if (draft.role !== 'process') return;
    const { attributes } = draft.span;
    const state = asText(attributes.get('celery.state'));
    if (state !== 'RETRY' && state !== 'FAILURE') return;
    if (state === 'RETRY') draft.verdict = 'retry';
    if (draft.outcome !== 'succeeded') return;
    draft.outcome = 'failed';
    draft.error = { type: 'Error', message: asText(attributes.get('celery.retry.reason')) ?? '' };
  },
};
