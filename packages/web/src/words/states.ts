import type {
  AttemptNode,
  DeliveryStatus,
  Finding,
  FindingKind,
  Severity,
  WorkflowStatus,
} from '@upshot/model';

/** The hue of a state: the tokens of `styles/tokens.css`. Never the only sign: an icon and a word go with it. */
export type Tone = 'ok' | 'run' | 'retry' | 'fail' | 'dead' | 'miss' | 'wait' | 'plain';

export type IconName =
  | 'succeeded'
  | 'recovered'
  | 'processing'
  | 'waiting'
  | 'retrying'
  | 'failed'
  | 'dead-lettered'
  | 'missing'
  | 'stuck'
  | 'skipped'
  | 'event'
  | 'step'
  | 'broken'
  | 'skew'
  | 'replay'
  | 'info'
  | 'stack';

export interface State {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly word: string;
}

export const DELIVERY_STATES: Readonly<Record<DeliveryStatus, State>> = {
  succeeded: { tone: 'ok', icon: 'succeeded', word: 'succeeded' },
  recovered: { tone: 'ok', icon: 'recovered', word: 'recovered' },
  processing: { tone: 'run', icon: 'processing', word: 'processing' },
  waiting: { tone: 'wait', icon: 'waiting', word: 'waiting' },
  retrying: { tone: 'retry', icon: 'retrying', word: 'retrying' },
  failed: { tone: 'fail', icon: 'failed', word: 'failed' },
  'dead-lettered': { tone: 'dead', icon: 'dead-lettered', word: 'dead-lettered' },
  missing: { tone: 'miss', icon: 'missing', word: 'missing' },
};

export const WORKFLOW_STATES: Readonly<Record<WorkflowStatus, State>> = {
  failed: { tone: 'fail', icon: 'failed', word: 'Failed' },
  stuck: { tone: 'miss', icon: 'stuck', word: 'Stuck' },
  retrying: { tone: 'retry', icon: 'retrying', word: 'Retrying' },
  'in-progress': { tone: 'run', icon: 'processing', word: 'In progress' },
  completed: { tone: 'ok', icon: 'succeeded', word: 'Completed' },
};

export const OUTCOME_STATES: Readonly<Record<AttemptNode['outcome'], State>> = {
  succeeded: { tone: 'ok', icon: 'succeeded', word: 'succeeded' },
  failed: { tone: 'fail', icon: 'failed', word: 'failed' },
  running: { tone: 'run', icon: 'processing', word: 'running' },
  skipped: { tone: 'wait', icon: 'skipped', word: 'skipped' },
};

/** How grave a log record is. One that gives no severity is a plain line. */
export const SEVERITY_STATES: Readonly<Record<Severity, State>> = {
  fatal: { tone: 'fail', icon: 'failed', word: 'fatal' },
  error: { tone: 'fail', icon: 'failed', word: 'error' },
  warn: { tone: 'retry', icon: 'stuck', word: 'warn' },
  info: { tone: 'plain', icon: 'info', word: 'info' },
  debug: { tone: 'wait', icon: 'info', word: 'debug' },
  trace: { tone: 'wait', icon: 'info', word: 'trace' },
  unspecified: { tone: 'plain', icon: 'info', word: 'log' },
};

const FINDING_STATES: Readonly<Record<FindingKind, State>> = {
  'broken-causality': { tone: 'retry', icon: 'broken', word: 'broken causality' },
  'missing-delivery': { tone: 'miss', icon: 'missing', word: 'missing' },
  'dead-letter': { tone: 'dead', icon: 'dead-lettered', word: 'dead letter' },
  'publish-failed': { tone: 'fail', icon: 'failed', word: 'never published' },
  'retries-exhausted': { tone: 'fail', icon: 'failed', word: 'retries exhausted' },
  recovered: { tone: 'ok', icon: 'recovered', word: 'recovered' },
  'duplicate-delivery': { tone: 'retry', icon: 'stack', word: 'processed twice' },
  'clock-skew': { tone: 'retry', icon: 'skew', word: 'clock skew' },
  'missing-parent': { tone: 'retry', icon: 'broken', word: 'missing parent' },
  'ambiguous-cause': { tone: 'retry', icon: 'broken', word: 'ambiguous cause' },
  convention: { tone: 'retry', icon: 'info', word: 'convention' },
  'correlation-too-broad': { tone: 'retry', icon: 'info', word: 'correlation too broad' },
  'bad-telemetry': { tone: 'retry', icon: 'info', word: 'bad telemetry' },
  truncated: { tone: 'wait', icon: 'info', word: 'truncated' },
};

/** Kinds may be added to the API before this page knows them. */
export function findingState(kind: string): State {
  return (
    (FINDING_STATES as Record<string, State>)[kind] ?? {
      tone: 'retry',
      icon: 'info',
      word: kind.replaceAll('-', ' '),
    }
  );
}

const SEVERITY: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** The worst first. */
export function bySeverity(a: Finding, b: Finding): number {
  return SEVERITY[a.severity] - SEVERITY[b.severity];
}

/** How bad a branch is: the lower, the sooner somebody has to look. */
const BADNESS: readonly DeliveryStatus[] = [
  'failed',
  'dead-lettered',
  'missing',
  'retrying',
  'processing',
  'waiting',
  'recovered',
  'succeeded',
];

export function badness(status: DeliveryStatus): number {
  return BADNESS.indexOf(status);
}

/** Branches that must not vanish among those that went well. */
export function isTroubled(status: DeliveryStatus): boolean {
  return badness(status) <= badness('retrying');
}
