/** How much a broken rule weighs. */
export const SEVERITIES = ['info', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a publish or an attempt may have to say of itself. `consumerName`, `step` and `attempt` are a consumer's to say. */
export const FIELDS = [
  'traceId',
  'eventId',
  'eventName',
  'correlationId',
  'causationId',
  'consumerName',
  'producer',
  'destination',
  'step',
  'attempt',
] as const;
export type Field = (typeof FIELDS)[number];

/** What something that is checked does: the phases of event records; an attempt has that of its outcome. */
export const CHECKED_PHASES = [
  'published',
  'processing',
  'succeeded',
  'failed',
  'skipped',
  'dead-lettered',
  'replayed',
] as const;
export type CheckedPhase = (typeof CHECKED_PHASES)[number];

/** What a file may name as phases: `consumed` is every phase of an attempt. */
export const RULE_PHASES = [...CHECKED_PHASES, 'consumed'] as const;
export type RulePhase = (typeof RULE_PHASES)[number];

/** The groups of rules: their names in a file, which are also the beginnings of rule IDs. */
export const RULE_GROUPS = [
  'requiredFields',
  'spanNaming',
  'eventNames',
  'expectedConsumers',
  'maxAttempts',
  'forbiddenAttributes',
] as const;
export type RuleGroup = (typeof RULE_GROUPS)[number];

/**
 * The conventions of a project, as a file states them, with nothing left open. Plain data: it crosses to threads and to other processes.
 * Texts with `*` are globs; null stands for "all" or "none stated".
 */
export interface Rules {
  readonly requiredFields: readonly RequiredField[];
  readonly spanNaming: SpanNaming | null;
  readonly eventNames: EventNames | null;
  readonly expectedConsumers: readonly ExpectedConsumer[];
  readonly owners: readonly Owner[];
  readonly maxAttempts: MaxAttempts | null;
  readonly forbiddenAttributes: readonly ForbiddenAttribute[];
  /** By rule ID or group; what is not named is a warning, a missing delivery an error. */
  readonly severity: { readonly [rule: string]: Severity };
  readonly exceptions: readonly Exception[];
}

export interface RequiredField {
  readonly field: Field;
  /** null: where the field makes sense, `DEFAULT_PHASES`. */
  readonly phases: readonly RulePhase[] | null;
  /** Services, globs; null for all. */
  readonly services: readonly string[] | null;
}

export interface SpanNaming {
  /** `business-step-first`: an attempt names its business step, not only its transport. */
  readonly style: 'business-step-first' | 'any';
  /** A regular expression for the whole name of a step. */
  readonly pattern: string | null;
  readonly services: readonly string[] | null;
}

export interface EventNames {
  /** Names and globs. */
  readonly allowed: readonly string[] | null;
  /** A regular expression for the whole name. With `allowed`, either will do. */
  readonly pattern: string | null;
}

export interface ExpectedConsumer {
  /** A name or a glob. */
  readonly eventName: string;
  /** The consumer's name in answers. */
  readonly consumer: string;
  /** Milliseconds from the publish within which the consumer must have begun. */
  readonly withinMs: number;
}

export interface Owner {
  /** A name or a glob. */
  readonly service: string;
  readonly owner: string;
}

export interface MaxAttempts {
  /** null: only the consumers named below are limited. */
  readonly most: number | null;
  readonly consumers: readonly { readonly consumer: string; readonly most: number }[];
}

export interface ForbiddenAttribute {
  /** A key or a glob. */
  readonly name: string;
  readonly services: readonly string[] | null;
}

/** What is let pass until a day. */
export interface Exception {
  /** A rule ID or a group of them. */
  readonly rule: string;
  /** The service (of an expected consumer, the consumer): a name or a glob; null for all. */
  readonly service: string | null;
  /** The event, step or attribute that breaks the rule: a name or a glob; null for all. */
  readonly name: string | null;
  /** Unix milliseconds from which it no longer holds. */
  readonly endMs: number;
  readonly reason: string | null;
}

/** Where a field is required unless a rule names phases. Dead letters and replays are often the broker's own: only on demand. */
export const DEFAULT_PHASES: Readonly<Record<Field, readonly RulePhase[]>> = {
  traceId: ['published', 'consumed'],
  eventId: ['published', 'consumed'],
  eventName: ['published', 'consumed'],
  correlationId: ['published', 'consumed'],
  causationId: ['published'],
  consumerName: ['consumed'],
  producer: ['published'],
  destination: ['published', 'consumed'],
  step: ['consumed'],
  attempt: ['consumed'],
};

/** How long an expected consumer has where the file doesn't say: the least that a learned expectation waits, too. */
export const DEFAULT_WITHIN_MS = 30_000;

export const NO_RULES: Rules = {
  requiredFields: [],
  spanNaming: null,
  eventNames: null,
  expectedConsumers: [],
  owners: [],
  maxAttempts: null,
  forbiddenAttributes: [],
  severity: {},
  exceptions: [],
};
