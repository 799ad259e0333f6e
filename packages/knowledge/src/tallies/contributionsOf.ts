import type { Lesson } from '@upshot/causality';
import { addFindings } from '../findings/findingSeries.js';
import { addHops } from '../hops/hopContributions.js';
import { type Contribution, Contributions } from './Contribution.js';

/** All that one workflow adds to sums over many. */
export function contributionsOf(lesson: Lesson): Contribution[] {
  const contributions = new Contributions();
  addHops(lesson, contributions);
  addFindings(lesson.findings, contributions);
  return contributions.all();
}
