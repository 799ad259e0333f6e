import {
  type Context,
  isSpanContextValid,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import type { Relation } from '../UpshotOptions.js';

/** What a process span hangs on. */
export interface Surroundings {
  readonly parent: Context;
  readonly links: Link[];
}

/**
 * The parent and the links of a span that processes a message. What brought the message (the server span of a webhook, a poll) stays the parent if
 * it runs still, in the sender's trace if there is one, with the sender as link. Anything else around (a start-up, within which the consumer was
 * begun) has nothing to do with the message.
 */
export function surroundings(active: Context, sender: SpanContext | null, relation: Relation): Surroundings {
  if (sender === null) return { parent: broughtBy(active), links: [] };
  const links = relation === 'parent' ? [] : [{ context: sender }];
  const around = trace.getSpan(active);
  if (around?.spanContext().traceId === sender.traceId && brings(around)) return { parent: active, links };
  const parent = relation === 'link' ? trace.deleteSpan(active) : trace.setSpanContext(active, sender);
  return { parent, links };
}

/** The context without its span, unless that is of a transport and runs still. */
export function broughtBy(active: Context): Context {
  const around = trace.getSpan(active);
  return around === undefined || brings(around) ? active : trace.deleteSpan(active);
}

function brings(span: Span): boolean {
  const { kind } = span as { readonly kind?: SpanKind };
  if (!span.isRecording()) return false;
  return kind === SpanKind.SERVER || kind === SpanKind.CLIENT || kind === SpanKind.CONSUMER;
}

export function validContext(at: Context): SpanContext | null {
  const found = trace.getSpanContext(at);
  return found !== undefined && isSpanContextValid(found) ? found : null;
}
