import type { Attributes, Span } from '@upshot/model';
import { said, saidId } from './concepts.js';
import type { MessageRef, Role, SpanContext } from './Reading.js';

/**
 * The messages that a span speaks of. A span with several links stands for several messages, one a link, whose own IDs and
 * positions stand on the link (messaging conventions: "batch"); otherwise for one.
 */
export function messagesOf(span: Span, role: Role): MessageRef[] {
  const links =
    role === 'process' || role === 'receive' ? span.links.filter((link) => link.spanId !== '') : [];
  if (links.length > 1) {
    const distinct = new Map<string, MessageRef>();
    for (const link of links) {
      const context = { traceId: link.traceId, spanId: link.spanId };
      const message = messageOf(link.attributes, context);
      const identity = `${context.traceId}${context.spanId}|${message.eventId}|${message.partition}|${message.offset}`;
      distinct.set(identity, message);
    }
    const messages = [...distinct.values()];
    if (messages.length > 1) return messages;
    return [withDefaults(messages[0]!, messageOf(span.attributes, null))];
  }
  const link = links[0];
  const own = messageOf(span.attributes, null);
  if (link === undefined) return [own];
  return [withDefaults(messageOf(link.attributes, { traceId: link.traceId, spanId: link.spanId }), own)];
}

export function messageOf(attributes: Attributes, link: SpanContext | null): MessageRef {
  const eventId = saidId(attributes, 'eventId');
  return {
    eventId,
    transportId: saidId(attributes, 'transportId', eventId),
    eventSource: said(attributes, 'eventSource'),
    partition: said(attributes, 'partition'),
    offset: said(attributes, 'offset'),
    messageKey: said(attributes, 'messageKey'),
    correlationId: saidId(attributes, 'correlationId'),
    causationId: saidId(attributes, 'causationId'),
    link,
  };
}

/** What the span says where the link is silent. */
function withDefaults(link: MessageRef, span: MessageRef): MessageRef {
  return {
    eventId: link.eventId ?? span.eventId,
    transportId: link.eventId === null ? span.transportId : link.transportId,
    eventSource: link.eventSource ?? span.eventSource,
    partition: link.partition ?? span.partition,
    offset: link.offset ?? span.offset,
    messageKey: link.messageKey ?? span.messageKey,
    correlationId: link.correlationId ?? span.correlationId,
    causationId: link.causationId ?? span.causationId,
    link: link.link,
  };
}
