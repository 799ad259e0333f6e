import type { StoredLog } from '@upshot/api-contract';
import {
  type AttemptNode,
  type EventNode,
  type LogLine,
  type Severity,
  type StepNode,
  severityOf,
} from '@upshot/model';
import { nanos } from '../../words/format.js';

/** Whatever log records stand at. */
export type LoggedNode = EventNode | AttemptNode | StepNode;

/** A log record as the panel shows it. */
export interface ShownLog {
  readonly timeUnixNano: bigint;
  readonly severity: Severity;
  readonly eventName: string | null;
  readonly text: string;
  /** In which attempt it was written, where there are several. */
  readonly attempt: number | null;
  /** By what it stands here, where that is not the span in which it was written. */
  readonly placedBy: Exclude<LogLine['placedBy'], 'span'> | null;
}

/** The log records that came with the answer, by time, and how many there are besides. */
export function logsOf(nodes: readonly LoggedNode[]): {
  readonly lines: readonly ShownLog[];
  readonly omitted: number;
} {
  const lines = nodes.flatMap((node) =>
    (node.logs ?? []).map(
      ({ timeUnixNano, severity, eventName, text, placedBy }): ShownLog => ({
        timeUnixNano: nanos(timeUnixNano),
        severity,
        eventName,
        text: text === eventName ? '' : text,
        attempt: attemptOf(node, nodes),
        placedBy: placedBy === 'span' ? null : placedBy,
      }),
    ),
  );
  return {
    lines: lines.sort(byTime),
    omitted: nodes.reduce((sum, { logsOmitted = 0 }) => sum + logsOmitted, 0),
  };
}

/** A log record as it was stored, at its node. */
export function storedLine(
  log: StoredLog & { readonly placedBy: LogLine['placedBy'] | null },
  node: LoggedNode,
  nodes: readonly LoggedNode[],
): ShownLog {
  return {
    timeUnixNano: nanos(log.timeUnixNano),
    severity: severityOf(log.severityNumber),
    eventName: log.eventName === '' ? null : log.eventName,
    text: textOf(log),
    attempt: attemptOf(node, nodes),
    placedBy: log.placedBy === 'span' ? null : log.placedBy,
  };
}

/** The body, with what an exception says, unless the body says it. */
function textOf({ body, attributes }: StoredLog): string {
  const said = typeof body === 'string' ? body : body == null ? '' : JSON.stringify(body);
  const { 'exception.type': type, 'exception.message': message } = attributes;
  if (typeof message === 'string' && message !== '' && said.includes(message)) return said;
  const exception = [type, message].filter((part) => typeof part === 'string' && part !== '').join(': ');
  if (said === '' || exception === '') return said || exception;
  return `${said} (${exception})`;
}

function attemptOf(node: LoggedNode, nodes: readonly LoggedNode[]): number | null {
  return nodes.length > 1 && 'number' in node ? node.number : null;
}

export function byTime(a: ShownLog, b: ShownLog): number {
  return a.timeUnixNano < b.timeUnixNano ? -1 : a.timeUnixNano > b.timeUnixNano ? 1 : 0;
}
