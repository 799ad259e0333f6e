import type { Finding } from '@upshot/model';

/** Something to mend, over all workflows that were looked at. The same rule, service and name are the same problem every time. */
export interface Problem {
  /** A rule of the conventions (`requiredFields.traceId`), or the kind of finding. */
  readonly rule: string;
  readonly kind: Finding['kind'];
  readonly severity: Finding['severity'];
  /** Who is to mend it; "" where that is not known. */
  readonly service: string;
  /** Who answers for that service; null where nobody is named. */
  readonly owner: string | null;
  /** The event, step or attribute that it is about. */
  readonly name: string;
  /** In how many workflows. */
  readonly workflows: number;
  /** The first of them. */
  readonly example: Example;
  readonly message: string;
  readonly fix: string | null;
}

export interface Example {
  /** The workflow's key. */
  readonly key: string;
  /** The file in which its telemetry stands, or where Upshot shows it. */
  readonly uri: string;
}

/** What was looked at, and what was found. */
export interface LintResult {
  readonly problems: readonly Problem[];
  readonly workflows: number;
  readonly services: readonly string[];
  /** Where the telemetry came from, as it was asked for. */
  readonly sources: readonly string[];
}

export const SEVERITIES = ['info', 'warning', 'error'] as const;

export function isAtLeast(severity: Finding['severity'], least: Finding['severity']): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}
