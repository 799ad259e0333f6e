import type { ServiceCompliance } from '@upshot/causality';
import { KeyKind, keyOf } from '@upshot/model';
import type { Contributions } from '../tallies/Contribution.js';

/** The kind of tally in which the keeping of conventions is counted. */
export const CONVENTION = 'convention';

export const ConventionCounter = { checked: 1, compliant: 2, violations: 3, workflows: 4 } as const;

/** One service, and one rule that it broke; null: all that was checked of it. */
export interface ComplianceSeries {
  readonly rules: string;
  readonly service: string;
  readonly rule: string | null;
}

/** Names a set of rules: what was counted under others says nothing of these. 16 hex digits. */
export function rulesIdOf(document: unknown): string {
  const [low, high] = keyOf(KeyKind.series, JSON.stringify(document ?? null));
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}

export function parseComplianceSeries(series: string): ComplianceSeries {
  const [rules, service, rule] = JSON.parse(series) as [string, string, string | null];
  return { rules, service, rule };
}

export function addCompliance(
  compliance: readonly ServiceCompliance[],
  rules: string,
  to: Contributions,
): void {
  for (const { service, checked, compliant, violations } of compliance) {
    to.add(CONVENTION, JSON.stringify([rules, service, null]), [
      [ConventionCounter.checked, checked],
      [ConventionCounter.compliant, compliant],
      [ConventionCounter.workflows, 1],
    ]);
    for (const { rule, count } of violations)
      to.add(CONVENTION, JSON.stringify([rules, service, rule]), [
        [ConventionCounter.violations, count],
        [ConventionCounter.workflows, 1],
      ]);
  }
}
