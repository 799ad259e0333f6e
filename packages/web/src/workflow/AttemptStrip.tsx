import type { AttemptNode } from '@upshot/model';
import { nanos } from '../words/format.js';
import { formatShort } from '../words/formatShort.js';
import { OUTCOME_STATES } from '../words/states.js';

/** More attempts than these are shown by their first two and the last, with the number of the others between. */
const MOST = 5;

/** The attempts of a delivery, each with its number and outcome, and the back-off between them. Never one chip that says how many. */
export function AttemptStrip({
  attempts,
  selected,
  most = MOST,
}: {
  readonly attempts: readonly AttemptNode[];
  readonly selected?: string | null;
  readonly most?: number;
}) {
  const isLong = attempts.length > most;
  const shown = isLong ? [attempts[0]!, attempts[1]!, attempts.at(-1)!] : attempts;
  return (
    <span className="strip">
      {shown.map((attempt, at) => {
        const left = isLong && at === 2 ? attempts.length - 3 : 0;
        return (
          <span key={attempt.id} className="strip-part">
            {at > 0 && <BackOff attempt={attempt} left={left} />}
            <Tick attempt={attempt} isSelected={selected === attempt.id} />
          </span>
        );
      })}
    </span>
  );
}

function BackOff({ attempt, left }: { readonly attempt: AttemptNode; readonly left: number }) {
  const wait = attempt.waitNano === null ? null : nanos(attempt.waitNano);
  return (
    <span className="strip-gap">
      <span className="strip-wait">{left > 0 ? `+${left}` : wait === null ? '' : formatShort(wait)}</span>
      <span className="dots" />
    </span>
  );
}

const SIGNS = {
  succeeded: 'm2 5.4 2.4 2.4 4-4.8',
  failed: 'm2.4 2.6 5 5m0-5-5 5',
  skipped: 'M2 5h6',
} as const;

function Tick({ attempt, isSelected }: { readonly attempt: AttemptNode; readonly isSelected: boolean }) {
  const { outcome, number } = attempt;
  return (
    <span className={`tick tick-${outcome}${isSelected ? ' tick-selected' : ''}`}>
      {number}
      {outcome === 'running' ? (
        <span className="tick-dot" />
      ) : (
        <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
          <path
            d={SIGNS[outcome]}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.7"
            strokeLinecap="round"
          />
        </svg>
      )}
      <span className="sr">{OUTCOME_STATES[outcome].word}</span>
    </span>
  );
}
