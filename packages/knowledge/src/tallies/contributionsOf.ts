import type { Lesson } from '@upshot/causality';
import { addCompliance } from '../compliance/complianceSeries.js';
import { addWorkflow } from '../figures/workflowSeries.js';
import { addFindings } from '../findings/findingSeries.js';
import { addHops } from '../hops/hopContributions.js';
import { type Contribution, Contributions } from './Contribution.js';

/** All that one workflow adds to sums over many. `rules`: which rules were in force, as `rulesIdOf` names them. */
export function contributionsOf(lesson: Lesson, rules = ''): Contribution[] {
  const contributions = new Contributions();
  addWorkflow(lesson.status, contributions);
  addHops(lesson, contributions);
  addFindings(lesson.findings, contributions);
  addCompliance(lesson.compliance, rules, contributions);
  return contributions.all();
}
