import { counted, formatCount, painter, type Style, safeText } from '@upshot/text';
import type { Terminal } from '../../terminal/Terminal.js';
import type { Problem } from '../Problem.js';
import type { Report } from './Report.js';

const STYLES: Readonly<Record<Problem['severity'], Style>> = { error: 'fail', warning: 'retry', info: 'run' };
/** Names of one rule and service that are told; the rest is counted. */
const TOLD_NAMES = 8;

/** For people: by rule and service, each with how often, an example and the line that would mend it. */
export function textReport(report: Report, { color }: Pick<Terminal, 'color'>): string {
  const paint = painter(color);
  const lines: string[] = [];
  let rule = '';
  for (const group of groupsOf(report.problems)) {
    const first = group[0]!;
    if (first.rule !== rule) {
      if (rule !== '') lines.push('');
      rule = first.rule;
      lines.push(paint(safeText(rule), 'bold'));
    }
    lines.push(...groupLines(group, paint));
  }
  if (lines.length > 0) lines.push('');
  lines.push(summaryLine(report));
  return `${lines.join('\n')}\n`;
}

function groupLines(group: readonly Problem[], paint: ReturnType<typeof painter>): string[] {
  const first = group[0]!;
  const service = first.service === '' ? 'a service without a name' : safeText(first.service);
  const owner = first.owner === null ? '' : ` (${safeText(first.owner)})`;
  const names = group.map(({ name }) => safeText(name)).filter((name) => name !== '');
  const more = names.length > TOLD_NAMES ? ` and ${formatCount(names.length - TOLD_NAMES)} more` : '';
  const most = Math.max(...group.map(({ workflows }) => workflows));
  const lines = [
    `  ${paint(first.severity, STYLES[first.severity])}  ${service}${owner}: ${names.slice(0, TOLD_NAMES).join(', ')}${more}, in ${counted(most, 'workflow')}`,
    `    ${safeText(first.message)}`,
  ];
  if (first.fix !== null) lines.push(`    ${paint('Fix:', 'bold')} ${safeText(first.fix)}`);
  lines.push(
    `    ${paint('Example:', 'dim')} ${safeText(first.example.key)} in ${safeText(first.example.uri)}`,
  );
  return lines;
}

/** One group for each rule and service: they are mended at one place. Groups of one rule stand together. */
function groupsOf(problems: readonly Problem[]): Problem[][] {
  const rules = [...new Set(problems.map(({ rule }) => rule))];
  return rules.flatMap((rule) => {
    const groups = new Map<string, Problem[]>();
    for (const problem of problems) {
      if (problem.rule !== rule) continue;
      const group = groups.get(problem.service);
      if (group === undefined) groups.set(problem.service, [problem]);
      else group.push(problem);
    }
    return [...groups.values()];
  });
}

function summaryLine({ problems, known, workflows, services }: Report): string {
  const looked = `${counted(workflows, 'workflow')} of ${counted(services.length, 'service')}`;
  const passed = known.length === 0 ? '' : `; ${formatCount(known.length)} known from the baseline`;
  if (problems.length === 0) return `No problems in ${looked}${passed}`;
  const parts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = problems.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [severity === 'info' ? `${count} info` : counted(count, severity)];
  });
  return `${counted(problems.length, 'problem')} (${parts.join(', ')}) in ${looked}${passed}`;
}
