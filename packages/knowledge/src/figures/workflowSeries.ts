import type { WorkflowStatus } from '@upshot/model';
import type { Contributions } from '../tallies/Contribution.js';

/** The kind of tally in which workflows are counted by state. */
export const WORKFLOW = 'workflow';

/** What the counters mean. Numbers are part of what is stored and never change meaning. */
export const WorkflowCounter: Readonly<Record<WorkflowStatus, number>> = {
  completed: 1,
  'in-progress': 2,
  retrying: 3,
  stuck: 4,
  failed: 5,
};

/** All workflows are one series. */
const ALL = '[]';

export function addWorkflow(status: WorkflowStatus, to: Contributions): void {
  to.add(WORKFLOW, ALL, [[WorkflowCounter[status], 1]]);
}
