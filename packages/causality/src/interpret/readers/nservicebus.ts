import { SpanKind } from '@upshot/model';
import { said } from '../concepts.js';
import { classNameOf } from '../names.js';
import { SETTLE } from './operations.js';
import { hasScope } from './ownScope.js';
import type { Reader } from './Reader.js';

/** Display names of the recoverability span, with a place behind them where `UseMessageDestinationInSpanNames` is set. */
const RECOVERABILITY = /^(?:recover$|immediate retry\b|delayed retry\b|move to\b|discard$)/;

/**
 * NServiceBus (Particular/NServiceBus, src/NServiceBus.Core/OpenTelemetry/Tracing: ActivityFactory.cs, ActivityTags.cs, ActivityDecorator.cs,
 * ActivityDisplayNames.cs, as of version 10): IDs are headers copied to `nservicebus.*`. After a failure a span of its own, of kind CONSUMER and
 * beside the attempt, says what recoverability decided: `nservicebus.recoverability_action` is immediate_retry, delayed_retry, move_to_error or
 * discard. It processes nothing. Before version 10 nothing says it; a retry is one more `process message` with the same ID.
 */
export const nservicebus: Reader = {
  name: 'nservicebus',
  applies: (span) =>
    span.attributes.has('nservicebus.message_id') ||
    span.attributes.has('nservicebus.native_message_id') ||
    hasScope(span, 'NServiceBus'),
  operation: ({ kind, name, attributes }) =>
    attributes.has('nservicebus.recoverability_action') ||
    (kind === SpanKind.consumer && RECOVERABILITY.test(name))
      ? SETTLE
      : null,
  read(draft) {
    const { attributes, name } = draft.span;
    const types = said(attributes, 'eventName');
    if (types !== null) draft.eventName = classNameOf(types);
    const endpoint = said(attributes, 'endpoint');
    if (endpoint !== null && draft.role === 'process' && draft.consumerRank > 1) {
      draft.consumer = endpoint;
      draft.consumerRank = 1;
    }
    if (draft.role !== 'settle') return;
    draft.layer = 'transport';
    const action = said(attributes, 'settleResult');
    if (action === 'immediate_retry' || action === 'delayed_retry') draft.verdict = 'retry';
    if (action !== 'move_to_error') return;
    draft.verdict = 'dead-letter';
    // "error" stands there where the place is not to be in names, whatever it is called.
    const place = /^move to (\S+)$/.exec(name)?.[1];
    if (place !== undefined && place !== 'error') draft.deadLetterDestination = place;
  },
};
