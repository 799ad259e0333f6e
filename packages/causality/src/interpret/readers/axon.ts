import { type Span, SpanKind } from '@upshot/model';
import { said, saidId } from '../concepts.js';
import { classNameOf } from '../names.js';
import { PROCESS, PUBLISH, RECEIVE } from './operations.js';
import { hasScope } from './ownScope.js';
import type { Reader } from './Reader.js';

/** What is handed to a bus within the process: the span that its handler names as its parent. */
const DISPATCHED =
  /^(?:CommandBus\.dispatchCommand|QueryBus\.(?:query|subscriptionQuery|scatterGatherQuery))\(/;
/** The span of a handler's own method: its class, the method, and of its parameters the message first; proxies append to the class. */
const HANDLER = /^(\w+)(?:\$\$[\w$]*)?\.\w+\((\w+)(?:,[^()]*)?\)$/;
/** Spans of the framework that are named alike. */
const FRAMEWORK =
  /^(?:\w+Bus|\w*EventProcessor|QueryUpdateEmitter|SagaManager|Repository|Snapshotter|DeadlineManager|\w+DeadlineManager)\./;

/**
 * Axon Framework (axon-messaging 4.13 and 5.0: tracing/attributes/*SpanAttributesProvider.java, Default*SpanFactory.java,
 * correlation/MessageOriginProvider.java; axon-tracing-opentelemetry: OpenTelemetrySpanFactory.java): names are `Bus.operation(Type)`, with kinds of
 * messaging and no `messaging.*` attributes. `axon_metadata_correlationId` is, in version 4, the ID of the message that caused this one, beside
 * `traceId`, the first one's; in version 5 it is the first one's, beside `causationId`. Where it stands alone it is the user's own, a correlation.
 *
 * The work is the INTERNAL span of each handler's method (tracing/TracingHandlerEnhancerDefinition.java), without attributes, below that of its processor: what it
 * throws is logged there, or its message is put into the processor's dead-letter queue, and the processor's span tells nothing of it. A letter that is
 * tried again has the handler's span alone (eventhandling/deadletter/DeadLetteredEventProcessingTask.java).
 */
export const axon: Reader = {
  name: 'axon',
  applies: (span) =>
    span.attributes.has('axon_message_id') ||
    span.attributes.has('axon_payload_type') ||
    hasScope(span, 'AxonFramework'),
  operation(span) {
    const { kind, name } = span;
    if (kind === SpanKind.consumer) return RECEIVE;
    if (kind !== SpanKind.internal) return null;
    if (DISPATCHED.test(name)) return PUBLISH;
    return handlerIn(span) === null ? null : PROCESS;
  },
  read(draft) {
    if (draft.role === 'step') return;
    const handler = draft.role === 'process' ? handlerIn(draft.span) : null;
    if (handler !== null) {
      draft.consumer = handler[1]!;
      draft.consumerRank = 1;
    }
    const { attributes, name } = draft.span;
    const type = said(attributes, 'eventName') ?? handler?.[2] ?? /\(([^()]+)\)$/.exec(name)?.[1] ?? null;
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

function handlerIn(span: Span): RegExpExecArray | null {
  if (span.kind !== SpanKind.internal || !hasScope(span, 'AxonFramework') || FRAMEWORK.test(span.name))
    return null;
  return HANDLER.exec(span.name);
}
