import { useMemo } from 'react';
import { Link } from 'wouter';
import { CopyButton } from '../icons/CopyButton.js';
import { Curve } from '../plots/Curve.js';
import { LintCommand } from '../shell/LintCommand.js';
import { workflowPath } from '../url/paths.js';
import { bothClocks, formatAge, formatCount, nanos } from '../words/format.js';
import { findingState } from '../words/states.js';
import { Text } from '../words/Text.js';
import { curveOf, curveWords } from './findingCurve.js';
import type { FindingGroup } from './findingGroups.js';
import { MuteForm } from './MuteForm.js';

/** What the linter finds as well, at the sender and in CI. */
const LINTED = new Set(['broken-causality', 'convention', 'missing-parent']);

/** One group: how often and when, what it says, where to look, and what to do about it. */
export function GroupItem({
  group,
  range,
  now,
}: {
  readonly group: FindingGroup;
  readonly range: readonly [from: number, to: number];
  readonly now: bigint;
}) {
  const state = findingState(group.kind);
  const last = nanos(group.lastSeenUnixNano);
  const first = nanos(group.firstSeenUnixNano);
  const points = useMemo(() => curveOf(group.trend), [group.trend]);
  const words = curveWords(group.trend);
  return (
    <li className={`answer tone-${state.tone} feed-item`}>
      <div className="feed-words">
        <div className="feed-line">
          <span className="count">
            ×{formatCount(group.count)}
            <span className="sr"> workflows</span>
          </span>
          {group.hop && (
            <span className="cut">
              <Text value={group.hop.producer || 'unknown'} max={40} /> →{' '}
              <Text className="mono" value={group.hop.eventName} max={40} /> →{' '}
              <Text value={group.hop.consumer || 'all its consumers'} max={40} />
            </span>
          )}
        </div>
        <p className="feed-message">
          <Text value={group.message} max={600} />
        </p>
        <div className="feed-line">
          {group.keys.slice(0, 6).map((key) => (
            <Link key={key} className="mono cut feed-key" href={workflowPath(key)}>
              <Text value={key} max={40} />
            </Link>
          ))}
          <span className="spring" />
          <CopyButton text={() => aboutGroup(group)} what="the finding" label="Copy" />
          {LINTED.has(group.kind) && <LintCommand kind={group.kind} />}
          <MuteForm group={group} />
        </div>
      </div>
      <div className="feed-curve">
        <Curve
          points={points}
          range={range}
          highest={Math.max(...points.map(({ value }) => value))}
          tone={TONES[state.tone] ?? '--retryFill'}
          label={`Workflows over time: ${words}`}
        />
        <span className="small">
          <span className="quiet">
            first <span title={bothClocks(first)}>{formatAge(first, now)}</span>, last{' '}
            <span title={bothClocks(last)}>{formatAge(last, now)}</span>
          </span>
        </span>
        <span className="faint small">{words}</span>
      </div>
    </li>
  );
}

const TONES: Readonly<Record<string, string>> = {
  ok: '--ok',
  run: '--run',
  retry: '--retryFill',
  fail: '--fail',
  dead: '--dead',
  miss: '--miss',
  wait: '--wait',
};

/** For a ticket. */
function aboutGroup({ kind, message, keys }: FindingGroup): string {
  return [`${kind}: ${message}`, ...keys.map((key) => `${location.origin}${workflowPath(key)}`)].join('\n');
}
