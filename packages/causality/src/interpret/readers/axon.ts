import { SpanKind } from '@upshot/model';
import { said, saidId } from '../concepts.js';
import { classNameOf } from '../names.js';
import { PUBLISH } from './operations.js';
import { hasScope } from './ownScope.js';
import type { Reader } from './Reader.js';

/** What is handed to a bus within the process: the span that its handler names as its parent. */
const DISPATCHED =
  /^(?:CommandBus\.dispatchCommand|QueryBus\.(?:query|subscriptionQuery|scatterGatherQuery))\(/;

/**
 * Axon Framework (axon-messaging 4.13 and 5.0: tracing/attributes/*SpanAttributesProvider.java, Default*SpanFactory.java,
 * correlation/MessageOriginProvider.java; axon-tracing-opentelemetry: OpenTelemetrySpanFactory.java): names are `Bus.operation(Type)`, with kinds of
 * messaging and no `messaging.*` attributes. `axon_metadata_correlationId` is, in version 4, the ID of the message that caused this one, beside
 * `traceId`, the first one's; in version 5 it is the first one's, beside `causationId`. Where it stands alone it is the user's own, a correlation.
 */
export const axon: Reader = {
  name: 'axon',
  applies: (span) =>
    span.attributes.has('axon_message_id') ||
    span.attributes.has('axon_payload_type') ||
    hasScope(span, 'AxonFramework'),
  operation: ({ kind, name }) => (kind === SpanKind.internal && DISPATCHED.test(name) ? PUBLISH : null),
  read(draft) {
    if (draft.role === 'step') return;
    const { attributes, name } = draft.span;
    const type = said(attributes, 'eventName') ?? /\(([^()]+)\)$/.exec(name)?.[1] ?? null;
    if (type !== null) {
      draft.eventName = classNameOf(type);
      draft.eventTyped = true;
    }
    draft.step = null;
    draft.layer = 'transport';
    const alone = !attributes.has('axon_metadata_traceId') && !attributes.has('axon_metadata_causationId');
    if (!alone || said(attributes, 'causationId') !== saidId(attributes, 'correlationId')) return;
    draft.causationId = null;
    draft.messages = draft.messages.map((message) => ({ ...message, causationId: null }));
  },
};
