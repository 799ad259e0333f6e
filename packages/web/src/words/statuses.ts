import type { WorkflowStatus } from '@upshot/model';

export type { WorkflowStatus };

/** In the order in which they are told: what has to be looked at first. */
export const WORKFLOW_STATUSES: readonly WorkflowStatus[] = [
  'failed',
  'stuck',
  'retrying',
  'in-progress',
  'completed',
];
