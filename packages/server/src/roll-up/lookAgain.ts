import type { Arrival, RollUp } from '@upshot/model';
import { type Questioning, rollUps } from '../ask/Questioning.js';
import type { NotedRow } from './notesOf.js';
import type { RollUpState } from './RollUpState.js';

/** How often states that change by the clock alone are looked at, and how many at a time. */
export const CLOCK = { everyMs: 5_000, most: 500 };

/** Workflows whose notes may not hold any more although nothing of them arrived: by the clock, for a retry never came, by other rules, or because a server has left. */
export function* lookAgain(
  state: RollUpState,
  nowUnixNano: bigint,
  rules: string,
  nowMs: number,
): Questioning<Arrival[]> {
  const changed: RollUp[] = [];
  if (nowMs - state.lookedAtClock >= CLOCK.everyMs) {
    changed.push(...(yield* rollUps({ statuses: { any: [], nowUnixNano }, limit: CLOCK.most })));
    if (changed.length < CLOCK.most) state.lookedAtClock = nowMs;
  }
  if (state.rules !== null && state.rules !== rules) state.lookAtNewest();
  state.rules = rules;
  if (state.newest !== null) {
    const { behind, left } = state.newest;
    const notes = yield* rollUps({ limit: CLOCK.most, ...(behind === null ? {} : { behind }) });
    const last = notes.at(-1);
    changed.push(...notes);
    state.newest =
      last === undefined || left <= notes.length ? null : { behind: last, left: left - notes.length };
  }
  return changed.map(({ row }) => (JSON.parse(row) as NotedRow).entry);
}
