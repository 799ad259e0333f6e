import '../workflow/panel/SidePanel.css';
import '../workflow/WorkflowPage.css';
import '../workflow/story/StoryView.css';
import './FindingsPage.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { call } from '../api/client.js';
import { CopyButton } from '../icons/CopyButton.js';
import { StateWord } from '../icons/Icon.js';
import { NotHere } from '../shell/NotHere.js';
import { SinceSelect } from '../shell/SinceSelect.js';
import { workflowPath } from '../url/paths.js';
import { useQueryState } from '../url/useQueryState.js';
import { bothClocks, formatAge, formatCount, nanos } from '../words/format.js';
import { findingState } from '../words/states.js';
import { Text } from '../words/Text.js';
import { Switch } from '../workflow/Switch.js';
import { type FindingGroup, findingGroups } from './findingGroups.js';

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
/** What the linter finds as well, at the sender and in CI. */
const LINTED = new Set(['broken-causality', 'convention', 'missing-parent']);
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
  const now = BigInt(Date.now()) * 1_000_000n;
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
        <ul className="feed">
          {groups.map((group) => (
            <Group key={group.id} group={group} now={now} />
          ))}
        </ul>
      )}
    </div>
  );
}

function compare(a: string, b: string): number {
  const [x, y] = [nanos(a), nanos(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function Group({ group, now }: { readonly group: FindingGroup; readonly now: bigint }) {
  const state = findingState(group.kind);
  const last = nanos(group.lastSeenUnixNano);
  const first = nanos(group.firstSeenUnixNano);
  return (
    <li className={`answer tone-${state.tone} feed-item`}>
      <div className="feed-line">
        <StateWord state={state} />
        <span className="count">
          ×{formatCount(group.count)}
          <span className="sr"> times</span>
        </span>
        {group.hop && (
          <span className="quiet cut">
            <Text value={group.hop.producer || 'unknown'} max={40} /> →{' '}
            <Text className="mono" value={group.hop.eventName} max={40} /> →{' '}
            <Text value={group.hop.consumer} max={40} />
          </span>
        )}
        <span className="spring" />
        <span className="quiet small" title={bothClocks(last)}>
          last {formatAge(last, now)}
        </span>
        <span className="faint small" title={bothClocks(first)}>
          first {formatAge(first, now)}
        </span>
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
        {LINTED.has(group.kind) && (
          <CopyButton
            text={`npx upshot lint ${location.origin}`}
            what="the linter's command"
            label="Copy the lint command"
          />
        )}
        <Mute group={group} />
      </div>
    </li>
  );
}

/** Mutes a group, with the reason, or lets it be heard again. */
function Mute({ group }: { readonly group: FindingGroup }) {
  const client = useQueryClient();
  const [isAsking, ask] = useState(false);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const path = `/api/findings/groups/${encodeURIComponent(group.id)}/mute`;
  const send = async (init: RequestInit) => {
    try {
      await call(path, init);
      ask(false);
      setProblem('');
      await client.invalidateQueries({ queryKey: ['finding-groups'] });
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === '') setProblem('Say why: whoever finds it muted will ask.');
    else
      void send({
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reason: reason.trim() }),
      });
  };
  if (group.muted)
    return (
      <>
        <span className="quiet">
          muted: <Text value={group.muted.reason} max={120} />
        </span>
        <button type="button" className="button small" onClick={() => void send({ method: 'DELETE' })}>
          Unmute
        </button>
      </>
    );
  if (!isAsking)
    return (
      <button type="button" className="button small" onClick={() => ask(true)}>
        Mute
      </button>
    );
  return (
    <form className="feed-mute" onSubmit={submit}>
      <input
        className="field"
        aria-label="Why it is muted"
        placeholder="Why?"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <button type="submit" className="button small filled">
        Mute
      </button>
      <button type="button" className="button small" onClick={() => ask(false)}>
        Cancel
      </button>
      {problem && (
        <span className="t-fail small" role="alert">
          {problem}
        </span>
      )}
    </form>
  );
}
