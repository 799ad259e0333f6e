import { counted, type FindingGroup, type FoundFinding, formatAge, formatCount } from '@upshot/model';
import { id, name, type Part, prose } from '../layout/Part.js';
import { Sheet } from '../layout/Sheet.js';
import { findingParts } from '../page/findingLines.js';
import { formatTimestamp } from '../words/formatClock.js';
import { nanos } from '../words/nanos.js';
import { SEVERITY_SIGNS } from '../words/signs.js';
import { exampleParts } from './faultLines.js';
import { hopParts } from './hopParts.js';
import type { FleetOptions } from './renderPropagation.js';

/** Findings of many workflows as they came, newest first: each with its workflow, its fix and its group. */
export function renderFindings(findings: readonly FoundFinding[], options: FleetOptions): string {
  const sheet = new Sheet(options);
  if (findings.length === 0) sheet.put([prose('Nothing was found.')]);
  for (const finding of findings) {
    const time = nanos(finding.timeUnixNano);
    sheet.blank();
    sheet.put(findingParts(finding, 1));
    sheet.put(
      [
        id(finding.key, 'plain'),
        name(formatTimestamp(time)),
        name(formatAge(time, options.nowUnixNano)),
        id(`group ${finding.group}`),
      ],
      2,
      0,
    );
    if (finding.fix) sheet.put([name('Fix:', 'bold'), prose(finding.fix)], 2);
  }
  return sheet.toString();
}

/** Findings of many workflows, each cause once; those that somebody muted at the end. */
export function renderFindingGroups(groups: readonly FindingGroup[], options: FleetOptions): string {
  const sheet = new Sheet(options);
  const heard = groups.filter(({ muted }) => muted === null);
  const muted = groups.filter((group) => group.muted !== null);
  const silent = muted.length === 0 ? [] : [name(`${formatCount(muted.length)} muted`, 'dim')];
  if (heard.length === 0) sheet.put([name('Nothing was found.'), ...silent]);
  else sheet.put([name(counted(heard.length, 'cause'), 'bold'), ...silent]);
  for (const group of [...heard, ...muted]) {
    sheet.blank();
    groupLines(group, options.nowUnixNano, sheet);
  }
  return sheet.toString();
}

function groupLines(group: FindingGroup, now: bigint, sheet: Sheet): void {
  const { glyph, style } = SEVERITY_SIGNS[group.severity];
  const isMuted = group.muted !== null;
  const shown = isMuted ? 'dim' : style;
  sheet.put([name(`${glyph} ${group.kind}:`, shown), prose(group.message, isMuted ? 'dim' : 'plain')]);
  sheet.put(
    [
      name(`last ${formatAge(nanos(group.lastSeenUnixNano), now)}`),
      ...(group.hop === null ? [] : hopParts(group.hop)),
    ],
    2,
    2,
  );
  sheet.put(exampleParts(group.keys), 2);
  sheet.put([...muteParts(group, now), id(`group ${group.id}`)], 2);
}

function muteParts({ muted }: FindingGroup, now: bigint): Part[] {
  if (muted === null) return [];
  const { reason, untilUnixNano } = muted;
  const end =
    untilUnixNano === null
      ? ''
      : ` until ${formatTimestamp(nanos(untilUnixNano))} (${formatAge(nanos(untilUnixNano), now)})`;
  return [prose(`muted${end}: ${reason}`, 'retry', ' · ')];
}
