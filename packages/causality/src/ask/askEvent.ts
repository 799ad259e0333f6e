import type { EventAnswer, Span } from '@upshot/model';
import { answerEvent } from '../answers/answerEvent.js';
import type { Asking, AskOptions } from './Asking.js';
import { collectWhole } from './askWorkflow.js';

/** One event with its causes and effects; null where nothing is known of it. Throws `NotWhole`. */
export function* askEvent(eventId: string, options: AskOptions): Asking<EventAnswer | null> {
  const found = yield* collectWhole(eventId);
  if (found === null) return null;
  const named = found.workflow.events.filter((event) => event.eventId === eventId || event.id === eventId);
  const event = named.find(({ kind }) => kind === 'event') ?? named[0];
  return event === undefined ? null : answerEvent(event, options.nowUnixNano);
}

/** The stored spans of a workflow, each once, by start time; null where nothing is known of the key. Throws `NotWhole`. */
export function* askSpans(key: string, _options: AskOptions): Asking<Span[] | null> {
  const found = yield* collectWhole(key);
  if (found === null) return null;
  const { workflow, collected } = found;
  const spans = new Set<Span>();
  for (const [reading, nodes] of collected.graph.nodesOf) {
    if (reading.stored && nodes.some((node) => workflow.members.has(node))) spans.add(reading.span);
  }
  return [...spans].sort(byStart);
}

function byStart(a: Span, b: Span): number {
  if (a.startTimeUnixNano !== b.startTimeUnixNano) return a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1;
  return a.spanId < b.spanId ? -1 : 1;
}
