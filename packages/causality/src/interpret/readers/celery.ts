import type { FailureCause } from '@upshot/model';
import { asText } from '../concepts.js';
import type { Reader } from './Reader.js';

/**
 * Celery through OpenTelemetry's instrumentation for Python (opentelemetry-instrumentation-celery 0.66b1: __init__.py, utils.py): a run that asks for its
 * own retry, or fails with an exception that its task declares (`throws`), ends with status UNSET. `celery.state` says RETRY or FAILURE, and
 * `celery.retry.reason` why. The conversation ID is Celery's correlation ID, which is the task's own ID: it says nothing about a workflow.
 */
export const celery: Reader = {
  name: 'celery',
  applies: ({ attributes }) =>
    attributes.has('celery.action') || attributes.has('celery.state') || attributes.has('celery.task_name'),
  read(draft) {
    const own = draft.messages[0]?.eventId ?? null;
    if (own !== null && draft.correlationId === own) {
      draft.correlationId = null;
      draft.messages = draft.messages.map((message) => ({ ...message, correlationId: null }));
    }
    if (draft.role !== 'process') return;
    // `run/<task>` is what Celery does, and the task's name is the event's.
    if (draft.step === draft.span.name) {
      draft.step = null;
      draft.layer = 'transport';
    }
    const { attributes } = draft.span;
    const state = asText(attributes.get('celery.state'));
    if (state !== 'RETRY' && state !== 'FAILURE') return;
    if (state === 'RETRY') draft.verdict = 'retry';
    if (draft.outcome !== 'succeeded') return;
    draft.outcome = 'failed';
    draft.error = errorIn(asText(attributes.get('celery.retry.reason')) ?? '');
  },
};

/** The reason is Python's text of a `Retry`: `Retry in 0.2s: RuntimeError('card gateway timeout')`. */
function errorIn(reason: string): FailureCause {
  const said = /^Retry in [^:]*: ([\w.]+)\((?:(['"])(.*)\2)?,?\)$/s.exec(reason);
  if (said === null) return { type: 'Error', message: reason };
  return { type: said[1]!, message: said[3] ?? '' };
}
