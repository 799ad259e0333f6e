import { SpanKind, StatusCode } from '@upshot/model';
import { asText, said } from '../concepts.js';
import { classNameOf } from '../names.js';
import { PROCESS, RECEIVE } from './operations.js';
import { hasScope } from './ownScope.js';
import type { Reader } from './Reader.js';

const AGAIN: ReadonlySet<string> = new Set([
  'wolverine.envelope.retried',
  'wolverine.envelope.requeued',
  'wolverine.envelope.rescheduled',
]);

/**
 * Wolverine (JasperFx/wolverine, src/Wolverine/Runtime/WolverineTracing.cs, Envelope.Internals.cs `WriteTags`): names of ≤ 1.16 with addresses as
 * destinations; `send`, `receive`, and an INTERNAL span named after the message's type for each execution, which is a child of the `send` and not of
 * the `receive`. What became of a failed one are events of its span.
 */
export const wolverine: Reader = {
  name: 'wolverine',
  applies: (span) => hasScope(span, 'Wolverine') || span.attributes.has('messaging.message_type'),
  operation({ kind, name, attributes }) {
    if (kind === SpanKind.consumer && name === 'receive') return RECEIVE;
    if (kind !== SpanKind.internal) return null;
    return name === asText(attributes.get('messaging.message_type')) || name === 'process' ? PROCESS : null;
  },
  read(draft) {
    const { attributes, events, status } = draft.span;
    const type = said(attributes, 'eventName');
    if (type !== null && type === asText(attributes.get('messaging.message_type')))
      draft.eventName = classNameOf(type);
    if (draft.role !== 'process') return;
    draft.step = null;
    draft.layer = 'transport';
    const handler = asText(attributes.get('message.handler')) ?? asText(attributes.get('handler.type'));
    if (handler !== null && draft.consumerRank > 1) {
      draft.consumer = classNameOf(handler);
      draft.consumerRank = 1;
    }
    for (const { name } of events) {
      if (name === 'wolverine.error.queued') draft.verdict = 'dead-letter';
      else if (AGAIN.has(name)) draft.verdict = 'retry';
      else if (name !== 'wolverine.envelope.discarded') continue;
      if (draft.outcome !== 'succeeded') continue;
      draft.outcome = 'failed';
      draft.error = { type: 'Error', message: status.code === StatusCode.unset ? name : status.message };
    }
  },
};
