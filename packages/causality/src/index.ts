import type { EntryPoint, EventAnswer, Span, WorkflowGraph, WorkflowRow } from '@upshot/model';
import type { Asking, AskOptions } from './ask/Asking.js';

export type { Asking, AskOptions };

/** The workflow that a correlation ID, trace ID, event ID or span ID belongs to; null where nothing is known of it. */
export declare function askWorkflow(key: string, options: AskOptions): Asking<WorkflowGraph | null>;

/** The distinct workflows to which these entry points belong, each collected and assembled whole, all in the same rounds. */
export declare function askWorkflowsAt(
  entries: readonly EntryPoint[],
  options: AskOptions,
): Asking<WorkflowGraph[]>;

/** One event with its causes and effects; null where nothing is known of it. */
export declare function askEvent(eventId: string, options: AskOptions): Asking<EventAnswer | null>;

/** The stored spans of a workflow, each once, by start time. */
export declare function askSpans(key: string, options: AskOptions): Asking<Span[] | null>;

/** The line that a list shows for a workflow. */
export declare function rowOf(graph: WorkflowGraph): WorkflowRow;
