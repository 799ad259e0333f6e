import { formatDuration, formatTimestamp, nanos, safeText } from '../../words/format.js';
import { DELIVERY_STATES, isTroubled, WORKFLOW_STATES } from '../../words/states.js';
import { workOf } from '../model/attemptTimes.js';
import { deliveryStep, errorWords } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';

/** Branches in trouble that a ticket lists with all their attempts. */
const MOST = 10;

/** A workflow as Markdown for a ticket: what happened, every attempt of what went wrong, the findings and the IDs. */
export function ticketMarkdown(index: WorkflowIndex, url: string): string {
  const { graph } = index;
  const lines = [
    `### ${escaped(graph.key)}: ${WORKFLOW_STATES[graph.status].word.toLowerCase()}`,
    '',
    escaped(graph.summary),
    '',
    `- started ${formatTimestamp(index.start)}, took ${formatDuration(index.end - index.start)}`,
    `- ${graph.events.length} events, ${graph.deliveries.length} deliveries, ${graph.attempts.length} attempts`,
    `- ${url}`,
  ];
  const troubled = graph.deliveries.filter(({ status }) => isTroubled(status));
  for (const delivery of troubled.slice(0, MOST)) {
    const event = index.event(delivery.event);
    lines.push(
      '',
      `**${escaped(deliveryStep(index, delivery))}** (${escaped(delivery.consumer)}): ${DELIVERY_STATES[delivery.status].word}` +
        (event ? `, of \`${code(event.eventName)}\` \`${code(event.eventId ?? '')}\`` : ''),
    );
    const attempts = index.attempts(delivery);
    if (attempts.length > 0)
      lines.push('', '| # | started | worked | outcome | trace | span |', '|---|---|---|---|---|---|');
    for (const attempt of attempts) {
      const work = workOf(attempt);
      const outcome = attempt.error ? `${attempt.outcome}: ${errorWords(attempt.error)}` : attempt.outcome;
      lines.push(
        `| ${attempt.number} | ${formatTimestamp(nanos(attempt.startTimeUnixNano))} | ${work === null ? 'running' : formatDuration(work)} | ${cell(outcome)} | \`${code(attempt.traceId)}\` | \`${code(attempt.spanId ?? '')}\` |`,
      );
    }
  }
  if (troubled.length > MOST) lines.push('', `and ${troubled.length - MOST} more branches`);
  if (graph.findings.length > 0) lines.push('', 'Findings:', '');
  for (const finding of graph.findings.slice(0, MOST))
    lines.push(`- ${finding.severity} \`${finding.kind}\`: ${escaped(finding.message)}`);
  lines.push(
    '',
    `correlation IDs: ${graph.correlationIds.map((id) => `\`${code(id)}\``).join(', ') || 'none'}`,
  );
  return `${lines.join('\n')}\n`;
}

/** Text of telemetry as Markdown that shows it and does nothing else. */
function escaped(text: string): string {
  return safeText(text).replace(/[\\`*_[\]<>#|~@!]/g, (character) => `\\${character}`);
}

function cell(text: string): string {
  return escaped(text).slice(0, 400);
}

function code(text: string): string {
  return safeText(text).replaceAll('`', 'ˋ').replaceAll('|', '¦');
}
