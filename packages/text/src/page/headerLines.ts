import type { WorkflowGraph } from '@upshot/model';
import { counted, formatAge, formatCount, formatDuration } from '@upshot/model';
import { flow, NO_MARGIN } from '../layout/flow.js';
import { id, name, type Part, prose } from '../layout/Part.js';
import type { Painter } from '../layout/painter.js';
import { formatTimestamp } from '../words/formatClock.js';
import { nanos } from '../words/nanos.js';
import { WORKFLOW_SIGNS } from '../words/signs.js';

/** So many IDs of one kind are named; the rest is counted. */
const TOLD_IDS = 3;

/** Truncation first, then key and status, times, IDs, counts, and the sentence that an operator would read out. */
export function headerLines(graph: WorkflowGraph, now: bigint, width: number, paint: Painter): string[] {
  const sign = WORKFLOW_SIGNS[graph.status];
  const lines: string[] = [];
  const set = (parts: readonly Part[], indent = '  '): void => {
    if (parts.length === 0) return;
    const margin = { text: indent, width: indent.length };
    lines.push(...flow(parts, margin, margin, width, paint));
  };
  if (graph.truncated) {
    lines.push(...flow(truncationParts(graph.truncated), NO_MARGIN, NO_MARGIN, width, paint), '');
  }
  const keyIs = graph.correlationIds.includes(graph.key)
    ? 'correlation ID'
    : graph.traceIds.includes(graph.key)
      ? 'trace ID'
      : 'event ID';
  set(
    [id(graph.key, 'bold'), name(keyIs, 'dim', ' '), name(`${sign.glyph} ${graph.status}`, sign.style)],
    '',
  );
  set(timeParts(graph, now));
  set(idParts('correlation ID', graph.correlationIds, graph.key));
  set(idParts('trace', graph.traceIds, graph.key));
  set(countParts(graph));
  if (graph.expectations === 'unknown') set([prose('which consumers should follow is not known yet', 'dim')]);
  if (graph.summary !== '') {
    lines.push('');
    set([prose(graph.summary)], '');
  }
  return lines;
}

function truncationParts(truncated: NonNullable<WorkflowGraph['truncated']>): Part[] {
  const counts = `${formatCount(truncated.shown)} of ${formatCount(truncated.total)} nodes are shown`;
  const parts = [prose(`! Not the whole workflow: ${counts} (${truncated.reason}).`, 'retry')];
  if (truncated.nextCursor !== null) {
    parts.push(prose('The next page begins at cursor', 'plain', ' '), id(truncated.nextCursor, 'plain', ' '));
  }
  return parts;
}

function timeParts(graph: WorkflowGraph, now: bigint): Part[] {
  const [start, end] = [nanos(graph.startTimeUnixNano), nanos(graph.endTimeUnixNano)];
  const ended = graph.status === 'completed' || graph.status === 'failed';
  return [
    name(`started ${formatTimestamp(start)}`),
    name(formatAge(start, now)),
    name(ended ? `took ${formatDuration(end - start)}` : `last seen active ${formatAge(end, now)}`),
  ];
}

/** `3 traces a, b and 1 more`; nothing where the key, which stands above, is the only one. */
function idParts(noun: string, ids: readonly string[], key: string): Part[] {
  const told = ids.filter((text) => text !== key).slice(0, TOLD_IDS);
  if (told.length === 0) return [];
  const more = ids.length - told.length - (ids.includes(key) ? 1 : 0);
  return [
    name(ids.length === 1 ? noun : counted(ids.length, noun)),
    ...told.map((text, index) => id(text, 'plain', index === 0 ? ' ' : ', ')),
    ...(more > 0 ? [name(`and ${formatCount(more)} more`, 'plain', ' ')] : []),
  ];
}

function countParts(graph: WorkflowGraph): Part[] {
  const count = (list: readonly { status: string }[], status: string) =>
    list.filter((one) => one.status === status).length;
  const deadLetters = graph.events.filter(({ kind }) => kind === 'dead-letter').length;
  const replays = graph.events.filter(({ kind }) => kind === 'replay').length;
  const failedAttempts = graph.attempts.filter(({ outcome }) => outcome === 'failed').length;
  return [
    counts(counted(graph.events.length - deadLetters - replays, 'event'), [
      [deadLetters, deadLetters === 1 ? 'dead letter' : 'dead letters'],
      [replays, replays === 1 ? 'replay' : 'replays'],
    ]),
    counts(
      counted(graph.deliveries.length, 'delivery', 'deliveries'),
      (['failed', 'dead-lettered', 'missing', 'retrying'] as const).map((status) => [
        count(graph.deliveries, status),
        status,
      ]),
    ),
    counts(counted(graph.attempts.length, 'attempt'), [[failedAttempts, 'failed']]),
  ];
}

function counts(all: string, some: readonly (readonly [count: number, word: string])[]): Part {
  const words = some.flatMap(([count, word]) => (count > 0 ? [`${formatCount(count)} ${word}`] : []));
  return name([all, ...words].join(', '));
}
