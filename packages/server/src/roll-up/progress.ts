import type { Arrival } from '@upshot/model';
import { document, type Questioning } from '../ask/Questioning.js';
import type { RollUpState, SampledFrom } from './RollUpState.js';
import { SeenLog, type SeenProgress } from './SeenLog.js';
import { newSeenOf, seenByServers } from './seenByServers.js';

/** Where the thread notes how far it has come. */
export const PROGRESS = 'roll-up';
/** What notes and tallies mean. Another number, and all are made anew. */
export const KNOWLEDGE_VERSION = 3;

export interface Progress {
  readonly version: number;
  readonly mark: string | null;
  readonly sampled: SampledFrom | null;
  readonly noted: string;
  readonly postponed: readonly Arrival[];
  readonly seen?: SeenProgress | null;
}

/** Takes up what was noted of how far it had come. */
export function* resume(state: RollUpState, noter: string | null): Questioning<void> {
  const text = yield* document(PROGRESS);
  const progress = text === null ? null : (JSON.parse(text) as Progress);
  if (progress === null || progress.version !== KNOWLEDGE_VERSION) {
    state.seen = newSeen(noter);
    state.mark = null;
    return;
  }
  const mark = progress.mark === null ? null : BigInt(progress.mark);
  if (noter === null && progress.seen) state.seen = yield* SeenLog.resumed(progress.seen);
  if (noter !== null && mark !== null) {
    const { seen, outlived } = yield* seenByServers(noter, mark);
    state.seen = seen;
    state.outlived = outlived;
  }
  state.sampled = progress.sampled;
  state.version = BigInt(progress.noted);
  for (const arrival of progress.postponed) state.postpone(arrival);
  state.isResumed = true;
  // Last: where a question to the store fails, all of this is read again.
  state.mark = mark;
}

/** Of a store in which nothing was looked at yet. */
export function newSeen(noter: string | null): SeenLog {
  return noter === null ? new SeenLog() : newSeenOf(noter);
}
