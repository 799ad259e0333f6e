import type { AttemptNode } from '@upshot/model';
import { Fragment } from 'react';
import { Icon } from '../../icons/Icon.js';
import { bothClocks, formatClock, formatDuration, nanos } from '../../words/format.js';
import { OUTCOME_STATES } from '../../words/states.js';
import { workOf } from '../model/attemptTimes.js';

/** Attempts that are listed at first; more come with a click. */
const MOST = 50;

/** Every attempt: when, how long, what outcome, and what lay before it. */
export function AttemptsTable({
  attempts,
  selected,
  select,
}: {
  readonly attempts: readonly AttemptNode[];
  readonly selected: string | null;
  readonly select: (node: string) => void;
}) {
  const [first] = attempts;
  const last = attempts.at(-1);
  const over =
    attempts.length > 1 && first && last?.endTimeUnixNano
      ? `${attempts.length} in ${formatDuration(nanos(last.endTimeUnixNano) - nanos(first.startTimeUnixNano))}`
      : '';
  return (
    <div className="panel-part">
      <div className="panel-line">
        <h3>Attempts</h3>
        <span className="spring" />
        <span className="quiet">{over}</span>
      </div>
      <table className="attempts">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Started</th>
            <th scope="col" className="num">
              Worked
            </th>
            <th scope="col" className="num">
              trace · span
            </th>
          </tr>
        </thead>
        <tbody>
          {attempts.slice(0, MOST).map((attempt, at) => {
            const state = OUTCOME_STATES[attempt.outcome];
            const work = workOf(attempt);
            const start = nanos(attempt.startTimeUnixNano);
            return (
              <Fragment key={attempt.id}>
                <tr className="attempt-wait">
                  <td />
                  <td colSpan={3}>
                    <span className={at === 0 ? 'lg hatch' : 'lg dots'} /> {before(attempt, at)}
                  </td>
                </tr>
                <tr className={selected === attempt.id ? 'is-selected' : undefined}>
                  <td>
                    <button
                      type="button"
                      className={`attempt-number t-${state.tone}`}
                      onClick={() => select(attempt.id)}
                    >
                      <Icon name={state.icon} size={14} /> <b>{attempt.number}</b>
                      <span className="sr">{state.word}</span>
                    </button>
                  </td>
                  <td className="mono" title={bothClocks(start)}>
                    {formatClock(start)}
                  </td>
                  <td className="mono num">{work === null ? 'running' : formatDuration(work)}</td>
                  <td className="mono num quiet">
                    {attempt.traceId.slice(0, 4)}
                    {attempt.traceId && '…'} · {(attempt.spanId ?? 'none').slice(0, 4)}
                    {attempt.spanId && '…'}
                  </td>
                </tr>
              </Fragment>
            );
          })}
        </tbody>
      </table>
      {attempts.length > MOST && (
        <p className="quiet">and {attempts.length - MOST} more; copy as JSON has them all</p>
      )}
    </div>
  );
}

function before(attempt: AttemptNode, at: number): string {
  if (attempt.waitNano === null)
    return at === 0 ? 'wait unknown: the clocks differ, or its event was not seen' : 'back-off unknown';
  const wait = formatDuration(nanos(attempt.waitNano));
  return at === 0 ? `waited ${wait} in the broker` : `back-off ${wait}`;
}
