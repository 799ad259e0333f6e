import type { Finding } from '@upshot/model';
import { brokenCausality } from './brokenCausality.js';
import { conventionFindings } from './conventionFindings.js';
import {
  clockSkews,
  deadLetters,
  duplicateDeliveries,
  exhaustedRetries,
  recoveries,
} from './deliveryFindings.js';
import type { Finder, Judged } from './Finder.js';
import { failedPublishes } from './failedPublishes.js';
import { likeness } from './likeness.js';
import { missingDeliveries } from './missingDeliveries.js';
import { ambiguousCauses, badTelemetry, missingParents, tooBroadCorrelations } from './telemetryFindings.js';

/** All finders; within a severity their findings come in this order. */
const FINDERS: readonly Finder[] = [
  deadLetters,
  failedPublishes,
  exhaustedRetries,
  missingDeliveries,
  brokenCausality,
  missingParents,
  duplicateDeliveries,
  clockSkews,
  tooBroadCorrelations,
  ambiguousCauses,
  conventionFindings,
  badTelemetry,
  recoveries,
];

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** What an operator should know of a workflow, the worst first. */
export function findAll(judged: Judged): Finding[] {
  const found = FINDERS.flatMap((finder) => finder(judged)).map((finding) => ({
    ...finding,
    about: finding.about ?? likeness(finding.message),
  }));
  return SEVERITIES.flatMap((severity) => found.filter((finding) => finding.severity === severity));
}
