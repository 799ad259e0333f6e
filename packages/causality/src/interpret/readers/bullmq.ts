import { asText, said } from '../concepts.js';
import type { Reader } from './Reader.js';

/**
 * BullMQ's own telemetry (bullmq with bullmq-otel): attributes `bullmq.*` alone, no messaging ones. A failed attempt keeps status UNSET; it
 * shows by the event `job failed` or `bullmq.job.failed.reason`. Below it an INTERNAL span says what comes next: `delay q` or `retry q`
 * (again), `fail q` (into the failed set, for good), `complete q`.
 */
export const bullmq: Reader = {
  name: 'bullmq',
  applies: (span) => said(span.attributes, 'system') === null && hasPrefix(span.attributes.keys(), 'bullmq.'),
  read(draft) {
    const { span } = draft;
    draft.system = 'bullmq';
    draft.layer = 'transport';
    if (draft.role === 'step') {
      const verb = /^(delay|retry|fail|complete) \S+$/.exec(span.name)?.[1];
      if (verb !== undefined) {
        draft.role = 'settle';
        draft.verdict = verb === 'fail' ? 'dead-letter' : verb === 'complete' ? null : 'retry';
      }
      return;
    }
    if (draft.role !== 'process') return;
    const failure = span.events.find((event) => event.name === 'job failed');
    const reason =
      said(span.attributes, 'failedReason') ?? asText(failure?.attributes.get('bullmq.job.failed.reason'));
    if (draft.outcome === 'succeeded' && (failure !== undefined || reason !== null)) {
      draft.outcome = 'failed';
      draft.error = {
        type: draft.error?.type ?? 'Error',
        message: reason ?? draft.error?.message ?? 'job failed',
      };
    }
  },
};

function hasPrefix(keys: Iterable<string>, prefix: string): boolean {
  for (const key of keys) if (key.startsWith(prefix)) return true;
  return false;
}
