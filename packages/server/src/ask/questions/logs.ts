import type { StoredLog, WorkflowLogs } from '@upshot/api-contract';
import { askLogs } from '@upshot/causality';
import type { Log } from '@upshot/model';
import type { Page } from '../Question.js';
import { asking, type Questioning } from '../Questioning.js';
import { attributesAsJson, sourceAsStored, valueAsJson } from './asStored.js';
import { offsetOf } from './offsetOf.js';

/** The log records of a workflow, by time, a page of them. */
export function* logsOfWorkflow(key: string, page: Page, nowUnixNano: bigint): Questioning<string | null> {
  const logs = yield* asking(askLogs(key, { nowUnixNano }));
  if (!logs) return null;
  const from = page.cursor === null ? 0 : offsetOf(page.cursor);
  const to = from + page.limit;
  return JSON.stringify({
    logs: logs.slice(from, to).map(({ log, node, placedBy }) => ({ ...logAsStored(log), node, placedBy })),
    nextCursor: to < logs.length ? `${to}` : null,
  } satisfies WorkflowLogs);
}

/** A log record as the API shows it: nothing judged, nothing left out. */
export function logAsStored(log: Log): StoredLog {
  return {
    traceId: log.traceId === '' ? null : log.traceId,
    spanId: log.spanId === '' ? null : log.spanId,
    timeUnixNano: `${log.timeUnixNano}`,
    observedTimeUnixNano: `${log.observedTimeUnixNano}`,
    severityNumber: log.severityNumber,
    severityText: log.severityText,
    eventName: log.eventName,
    body: valueAsJson(log.body),
    attributes: attributesAsJson(log.attributes),
    droppedAttributesCount: log.droppedAttributesCount,
    flags: log.flags,
    ...sourceAsStored(log.source),
  };
}
