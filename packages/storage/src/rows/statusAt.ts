import type { RollUp, WorkflowStatus } from '@upshot/model';

/** What a state changes into by the clock alone: what was to be tried again has failed, what was under way is long overdue. */
export const BY_THE_CLOCK: Readonly<Partial<Record<WorkflowStatus, WorkflowStatus>>> = {
  retrying: 'failed',
  'in-progress': 'stuck',
};

/** The state of a noted workflow at a moment, as far as its note tells. */
export function statusAt(
  { status, changesAtUnixNano }: Pick<RollUp, 'status' | 'changesAtUnixNano'>,
  nowUnixNano: bigint,
): WorkflowStatus {
  const hasChanged = changesAtUnixNano !== null && changesAtUnixNano <= nowUnixNano;
  return hasChanged ? (BY_THE_CLOCK[status] ?? status) : status;
}
