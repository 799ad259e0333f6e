import { type Context, isSpanContextValid, type Link, type SpanContext, trace } from '@opentelemetry/api';
import type { Relation } from '../UpshotOptions.js';

/** What a process span hangs on. */
export interface Surroundings {
  readonly parent: Context;
  readonly links: Link[];
}

/**
 * The parent and the links of a span that processes a message. What runs already in the message's own trace (the server span of a webhook)
 * stays the parent, with the sender as link; anything else that runs (a poll loop, a start-up) has nothing to do with the message.
 */
export function surroundings(active: Context, sender: SpanContext | null, relation: Relation): Surroundings {
  const around = trace.getSpan(active);
  if (sender === null) {
    // A span that runs is the transport's (HTTP, a poll); one that has ended is where the consumer was started.
    return { parent: around?.isRecording() ? active : trace.deleteSpan(active), links: [] };
  }
  const links = relation === 'parent' ? [] : [{ context: sender }];
  if (around?.isRecording() && around.spanContext().traceId === sender.traceId)
    return { parent: active, links };
  const parent = relation === 'link' ? trace.deleteSpan(active) : trace.setSpanContext(active, sender);
  return { parent, links };
}

export function validContext(at: Context): SpanContext | null {
  const found = trace.getSpanContext(at);
  return found !== undefined && isSpanContextValid(found) ? found : null;
}
