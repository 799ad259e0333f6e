import '../workflow/panel/SidePanel.css';
import '../workflow/WorkflowPage.css';
import '../workflow/story/StoryView.css';
import './FindingsPage.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { Icon } from '../icons/Icon.js';
import { NotHere } from '../shell/NotHere.js';
import { SinceSelect } from '../shell/SinceSelect.js';
import { useQueryState } from '../url/useQueryState.js';
import { counted, formatCount, nanos } from '../words/format.js';
import { findingState } from '../words/states.js';
import { Switch } from '../workflow/Switch.js';
import { rangeOf } from './findingCurve.js';
import { type FindingGroup, findingGroups } from './findingGroups.js';
import { GroupItem } from './GroupItem.js';

const KINDS = [
  'broken-causality',
  'missing-delivery',
  'dead-letter',
  'retries-exhausted',
  'recovered',
  'duplicate-delivery',
  'clock-skew',
  'missing-parent',
  'ambiguous-cause',
  'convention',
  'correlation-too-broad',
  'bad-telemetry',
  'truncated',
];
const SEVERITIES = ['error', 'warning', 'info'];

/** What operators should know, over all workflows: alike ones together, the worst and the latest first. */
export function FindingsPage() {
  const { query, change } = useQueryState();
  const [kind, since] = [query.get('kind'), query.get('since')];
  const showMuted = query.get('muted') === 'shown';
  const answer = useQuery({
    ...findingGroups({ kind, since }),
    refetchInterval: (state) => (state.state.error ? false : 10_000),
  });
  useEffect(() => {
    document.title = 'Findings · Upshot';
  }, []);
  const asOf = answer.dataUpdatedAt;
  const now = BigInt(asOf) * 1_000_000n;
  const all = answer.data?.groups;
  const range = useMemo(() => rangeOf(all ?? [], BigInt(asOf) * 1_000_000n), [all, asOf]);
  const groups = [...(answer.data?.groups ?? [])]
    .filter((group) => showMuted || group.muted === null)
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        compare(b.lastSeenUnixNano, a.lastSeenUnixNano),
    );
  const muted = answer.data?.groups.filter((group) => group.muted !== null).length ?? 0;
  return (
    <div className="map-page">
      <header className="page-head">
        <h1>Findings</h1>
        <span className="quiet">What was lost, guessed, given up or is wrong, over all workflows</span>
        <span className="spring" />
        <label>
          <span className="sr">Kind</span>
          <select
            className="button"
            value={kind ?? ''}
            onChange={(event) => change({ kind: event.target.value || null })}
          >
            <option value="">All kinds</option>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {findingState(one).word}
              </option>
            ))}
          </select>
        </label>
        <Switch
          label={`Muted (${muted})`}
          checked={showMuted}
          onChange={(on) => change({ muted: on ? 'shown' : null })}
        />
        <SinceSelect value={since} onChange={(to) => change({ since: to })} />
      </header>
      {answer.error && !answer.data ? (
        <NotHere what="Findings over all workflows" error={answer.error} />
      ) : !answer.data ? (
        <div className="notice" aria-busy="true">
          <span className="skeleton map-waiting" />
        </div>
      ) : groups.length === 0 ? (
        <div className="notice">
          <h2>No findings</h2>
          <p className="quiet">
            Nothing was lost, guessed or given up in the chosen time{muted > 0 ? ' that is not muted' : ''}.
          </p>
        </div>
      ) : (
        <div className="feed">
          {byKind(groups).map(([one, own]) => (
            <section key={one} className="feed-kind">
              <h2>
                <span className={`t-${findingState(one).tone}`}>
                  <Icon name={findingState(one).icon} />
                </span>
                <span className="word">{findingState(one).word}</span>
                <span className="quiet">
                  {counted(own.length, 'cause')}, {workflowsOf(own)}
                </span>
              </h2>
              <ul>
                {own.map((group) => (
                  <GroupItem key={group.id} group={group} range={range} now={now} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
    </div>
  );
}

function compare(a: string, b: string): number {
  const [x, y] = [nanos(a), nanos(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The groups of each kind, in their order: the kind that holds the worst and latest comes first. */
function byKind(groups: readonly FindingGroup[]): [string, FindingGroup[]][] {
  const kinds = new Map<string, FindingGroup[]>();
  for (const group of groups) {
    const own = kinds.get(group.kind);
    if (own) own.push(group);
    else kinds.set(group.kind, [group]);
  }
  return [...kinds];
}

/** One workflow may stand in several groups, so sums are of findings. */
function workflowsOf(groups: readonly FindingGroup[]): string {
  const sum = groups.reduce((total, { count }) => total + count, 0);
  return `${formatCount(sum)} in all`;
}
