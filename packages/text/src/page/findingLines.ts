import type { Finding } from '@upshot/model';
import { counted, formatCount } from '@upshot/model';
import { flow, type Margin, NO_MARGIN } from '../layout/flow.js';
import { name, type Part, phrase, prose } from '../layout/Part.js';
import type { Painter } from '../layout/painter.js';
import { formatTimestamp } from '../words/formatClock.js';
import { nanos } from '../words/nanos.js';
import { SEVERITY_SIGNS } from '../words/signs.js';

/** So many findings are told; of a fan-out that lost its context there may be one per branch. */
const TOLD_FINDINGS = 20;
const SEVERITIES: readonly Finding['severity'][] = ['error', 'warning', 'info'];

const INDENT: Margin = { text: '  ', width: 2 };

/** The findings, the gravest first, each with its fix; those that say the same are told once with their number. */
export function findingLines(findings: readonly Finding[], width: number, paint: Painter): string[] {
  if (findings.length === 0) return [];
  const alike = new Map<string, { finding: Finding; count: number }>();
  for (const severity of SEVERITIES) {
    for (const finding of findings) {
      if (finding.severity !== severity) continue;
      const key = JSON.stringify([finding.kind, finding.message, finding.fix]);
      const known = alike.get(key);
      if (known) known.count++;
      else alike.set(key, { finding, count: 1 });
    }
  }
  const lines = [paint('Findings', 'bold')];
  let told = 0;
  for (const { finding, count } of [...alike.values()].slice(0, TOLD_FINDINGS)) {
    told += count;
    lines.push(...flow(findingParts(finding, count), NO_MARGIN, INDENT, width, paint));
    if (finding.fix) {
      lines.push(...flow([prose(`Fix: ${finding.fix}`, 'bold')], INDENT, INDENT, width, paint));
    }
  }
  const more = findings.length - told;
  if (more > 0)
    lines.push(...flow([name(`and ${counted(more, 'more finding')}`)], INDENT, INDENT, width, paint));
  return lines;
}

/** A finding and its message, with how many are alike. */
export function findingParts(finding: Finding, count: number): Part[] {
  const sign = SEVERITY_SIGNS[finding.severity];
  const times = count > 1 ? ` ×${formatCount(count)}` : '';
  const parts = [name(`${sign.glyph} ${finding.kind}${times}:`, sign.style), prose(finding.message)];
  if (finding.alike) {
    const since = formatTimestamp(nanos(finding.alike.firstSeenUnixNano));
    parts.push(phrase(`(${formatCount(finding.alike.count)} alike since ${since})`, 'dim', ' '));
  }
  return parts;
}
