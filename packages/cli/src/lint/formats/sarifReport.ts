import { createHash } from 'node:crypto';
import type { Log, ReportingDescriptor, Result } from 'sarif';
import { safeJson } from '../../terminal/safeJson.js';
import { fingerprint } from '../Baseline.js';
import type { Problem } from '../Problem.js';
import type { Report } from './Report.js';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0 (OASIS), as code-scanning services take it. What the baseline knows is in it, marked as unchanged. */
export function sarifReport(report: Report, version: string): string {
  const all = [...report.problems, ...report.known];
  const rules = [...new Set(all.map(({ rule }) => rule))].sort();
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'upshot lint', semanticVersion: version, rules: rules.map(descriptorOf) } },
        columnKind: 'utf16CodeUnits',
        results: [
          ...report.problems.map((problem) => resultOf(problem, rules, 'new')),
          ...report.known.map((problem) => resultOf(problem, rules, 'unchanged')),
        ],
      },
    ],
  };
  return `${safeJson(JSON.stringify(log, null, 2))}\n`;
}

function descriptorOf(rule: string): ReportingDescriptor {
  return {
    id: rule,
    shortDescription: { text: DESCRIPTIONS[rule] ?? DESCRIPTIONS[rule.split('.', 1)[0]!] ?? rule },
  };
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  requiredFields: 'A publish or an attempt does not state a field that the conventions require.',
  spanNaming: 'A step is not named as the conventions want it.',
  eventNames: 'An event has a name that the conventions do not allow.',
  maxAttempts: 'A delivery was tried more often than the conventions allow.',
  forbiddenAttributes: 'An attribute was sent that must not be.',
  'broken-causality': 'A message arrived without the trace context of what published it.',
  'missing-delivery': 'A consumer that should have reacted to an event did not.',
};

function resultOf(
  problem: Problem,
  rules: readonly string[],
  baselineState: Result['baselineState'],
): Result {
  const { rule, service, name, severity, message, fix, example } = problem;
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: LEVELS[severity],
    baselineState,
    message: { text: fix === null ? message : `${message}\nFix: ${fix}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: example.uri }, region: { startLine: 1 } },
        logicalLocations: [{ name, fullyQualifiedName: `${service}/${name}`, kind: 'member' }],
      },
    ],
    // Without counts and IDs: the same problem in the next recording is the same alert.
    partialFingerprints: {
      'upshotProblem/v1': createHash('sha256').update(fingerprint(problem)).digest('hex'),
    },
    properties: { service, workflows: problem.workflows, workflow: example.key },
  };
}
