import { durationMs, endMsOf } from '../rules/durations.js';
import {
  DEFAULT_WITHIN_MS,
  type EventNames,
  type Exception,
  type ExpectedConsumer,
  FIELDS,
  type ForbiddenAttribute,
  type MaxAttempts,
  type Owner,
  type RequiredField,
  RULE_GROUPS,
  RULE_PHASES,
  type Rules,
  SEVERITIES,
  type Severity,
  type SpanNaming,
} from '../rules/Rules.js';
import { DocumentReader, type Fault, kindOf, type Path, type PlainObject, quoted } from './DocumentReader.js';
import { patternFault } from './patternFault.js';

/** What a conventions document came to. */
export type ParsedConventions =
  | {
      readonly rules: Rules;
      /** What stands under `traceConventions`, as it was written. */
      readonly document: PlainObject;
      readonly faults: readonly [];
    }
  | { readonly rules: null; readonly document: null; readonly faults: readonly Fault[] };

const KEYS = [
  'requiredFields',
  'spanNaming',
  'eventNames',
  'expectedConsumers',
  'owners',
  'maxAttempts',
  'forbiddenAttributes',
  'severity',
  'exceptions',
];
const STYLES = ['business-step-first', 'any'] as const;
const RULE_IDS = [
  ...RULE_GROUPS,
  ...FIELDS.map((field) => `requiredFields.${field}`),
  'spanNaming.style',
  'spanNaming.pattern',
];

/** A document, already plain data, as rules; or all that is wrong with it. Pure: who has a file adds lines and columns. */
export function parseConventions(value: unknown): ParsedConventions {
  const reader = new DocumentReader();
  const rules = rulesOf(reader, value);
  if (reader.faults.length > 0 || rules === null)
    return { rules: null, document: null, faults: reader.faults };
  const document = (value as { traceConventions: PlainObject }).traceConventions;
  return { rules, document, faults: [] };
}

function rulesOf(reader: DocumentReader, value: unknown): Rules | null {
  const file = reader.object(value, [], ['traceConventions', '$schema']);
  if (file === null) return null;
  if (!('traceConventions' in file))
    return reader.fault([], 'has no traceConventions: the rules stand under that key');
  const at: Path = ['traceConventions'];
  const given = reader.object(file.traceConventions, at, KEYS);
  if (given === null) return null;
  return {
    requiredFields:
      reader.list(given.requiredFields, [...at, 'requiredFields'], 'fields', (item, path) =>
        requiredField(reader, item, path),
      ) ?? [],
    spanNaming: spanNaming(reader, given.spanNaming, [...at, 'spanNaming']),
    eventNames: eventNames(reader, given.eventNames, [...at, 'eventNames']),
    expectedConsumers: reader
      .map(
        given.expectedConsumers,
        [...at, 'expectedConsumers'],
        'event names to their consumers',
        (item, path, key) => expectedConsumers(reader, item, path, key),
      )
      .flat(),
    owners: reader.map(
      given.owners,
      [...at, 'owners'],
      'services to their owners',
      (item, path, service): Owner | null => {
        const owner = reader.text(item, path, 'the name of an owner');
        return owner === null ? null : { service, owner };
      },
    ),
    maxAttempts: maxAttempts(reader, given.maxAttempts, [...at, 'maxAttempts']),
    forbiddenAttributes:
      reader.list(given.forbiddenAttributes, [...at, 'forbiddenAttributes'], 'attribute keys', (item, path) =>
        forbiddenAttribute(reader, item, path),
      ) ?? [],
    severity: severities(reader, given.severity, [...at, 'severity']),
    exceptions:
      reader.list(given.exceptions, [...at, 'exceptions'], 'exceptions', (item, path) =>
        exception(reader, item, path),
      ) ?? [],
  };
}

function requiredField(reader: DocumentReader, value: unknown, path: Path): RequiredField | null {
  if (typeof value === 'string') {
    const field = reader.oneOf(value, path, 'field', FIELDS);
    return field === null ? null : { field, phases: null, services: null };
  }
  const given = reader.object(value, path, ['field', 'phases', 'services']);
  if (given === null) return null;
  const field = reader.oneOf(given.field, [...path, 'field'], 'field', FIELDS);
  const phases = reader.oneOrMore(given.phases, [...path, 'phases'], 'phases', (item, at) =>
    reader.oneOf(item, at, 'phase', RULE_PHASES),
  );
  return field === null ? null : { field, phases, services: services(reader, given.services, path) };
}

function spanNaming(reader: DocumentReader, value: unknown, path: Path): SpanNaming | null {
  if (value === undefined) return null;
  const given = reader.object(value, path, ['style', 'pattern', 'services']);
  if (given === null) return null;
  const style =
    given.style === undefined ? 'any' : reader.oneOf(given.style, [...path, 'style'], 'style', STYLES);
  const pattern = patternOf(reader, given.pattern, [...path, 'pattern']);
  return style === null ? null : { style, pattern, services: services(reader, given.services, path) };
}

function eventNames(reader: DocumentReader, value: unknown, path: Path): EventNames | null {
  if (value === undefined) return null;
  if (Array.isArray(value)) return { allowed: names(reader, value, path), pattern: null };
  const given = reader.object(value, path, ['allowed', 'pattern']);
  if (given === null) return null;
  const allowed = names(reader, given.allowed, [...path, 'allowed']);
  const pattern = patternOf(reader, given.pattern, [...path, 'pattern']);
  if (given.allowed === undefined && given.pattern === undefined)
    return reader.fault(path, 'must have allowed (a list of names), pattern (a regular expression), or both');
  return { allowed, pattern };
}

function expectedConsumers(
  reader: DocumentReader,
  value: unknown,
  path: Path,
  eventName: string,
): ExpectedConsumer[] | null {
  return reader.oneOrMore(value, path, 'consumers', (item, at): ExpectedConsumer | null => {
    if (typeof item === 'string') return { eventName, consumer: item, withinMs: DEFAULT_WITHIN_MS };
    const given = reader.object(item, at, ['consumer', 'within']);
    if (given === null) return null;
    const consumer = reader.text(given.consumer, [...at, 'consumer'], 'the name of a consumer');
    const withinMs =
      given.within === undefined ? DEFAULT_WITHIN_MS : duration(reader, given.within, [...at, 'within']);
    return consumer === null || withinMs === null ? null : { eventName, consumer, withinMs };
  });
}

function maxAttempts(reader: DocumentReader, value: unknown, path: Path): MaxAttempts | null {
  if (value === undefined) return null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const most = reader.count(value, path, 'how often one delivery may be tried');
    return most === null ? null : { most, consumers: [] };
  }
  const given = reader.object(value, path, ['default', 'consumers']);
  if (given === null) return null;
  const most =
    given.default === undefined
      ? null
      : reader.count(given.default, [...path, 'default'], 'how often one delivery may be tried');
  const consumers = reader.map(
    given.consumers,
    [...path, 'consumers'],
    'consumers to their numbers',
    (item, at, consumer) => {
      const own = reader.count(item, at, 'how often this consumer may try');
      return own === null ? null : { consumer, most: own };
    },
  );
  return { most, consumers };
}

function forbiddenAttribute(reader: DocumentReader, value: unknown, path: Path): ForbiddenAttribute | null {
  if (typeof value === 'string') {
    const name = reader.text(value, path, 'the key of an attribute');
    return name === null ? null : { name, services: null };
  }
  const given = reader.object(value, path, ['name', 'services']);
  if (given === null) return null;
  const name = reader.text(given.name, [...path, 'name'], 'the key of an attribute');
  return name === null ? null : { name, services: services(reader, given.services, path) };
}

function severities(reader: DocumentReader, value: unknown, path: Path): Record<string, Severity> {
  const read = reader.map(value, path, 'rules to severities', (item, at, rule) => {
    if (reader.oneOf(rule, at, 'rule', RULE_IDS, 'key') === null) return null;
    const severity = reader.oneOf(item, at, 'severity', SEVERITIES);
    return severity === null ? null : ([rule, severity] as const);
  });
  return Object.fromEntries(read);
}

function exception(reader: DocumentReader, value: unknown, path: Path): Exception | null {
  const given = reader.object(value, path, ['rule', 'service', 'name', 'until', 'reason']);
  if (given === null) return null;
  const rule = reader.oneOf(given.rule, [...path, 'rule'], 'rule', RULE_IDS);
  const optional = (key: 'service' | 'name' | 'reason', what: string) =>
    given[key] === undefined ? null : reader.text(given[key], [...path, key], what);
  const service = optional('service', 'the name of a service');
  const name = optional('name', 'the name of an event, a step or an attribute');
  const reason = optional('reason', 'words');
  if (given.until === undefined)
    return reader.fault(path, 'must have until, the last day on which it holds: until: 2027-01-31');
  const endMs = typeof given.until === 'string' ? endMsOf(given.until) : null;
  if (endMs === null)
    return reader.fault(
      [...path, 'until'],
      `${kindOf(given.until)} is no day: write it as 2027-01-31, or as 2027-01-31T12:00:00Z`,
    );
  return rule === null ? null : { rule, service, name, endMs, reason };
}

function services(reader: DocumentReader, value: unknown, path: Path): string[] | null {
  return reader.oneOrMore(value, [...path, 'services'], 'services', (item, at) =>
    reader.text(item, at, 'the name of a service'),
  );
}

function names(reader: DocumentReader, value: unknown, path: Path): string[] | null {
  return reader.list(value, path, 'names', (item, at) => reader.text(item, at, 'a name'));
}

function patternOf(reader: DocumentReader, value: unknown, path: Path): string | null {
  if (value === undefined) return null;
  const source = reader.text(value, path, 'a regular expression');
  if (source === null) return null;
  const wrong = patternFault(source);
  return wrong === null ? source : reader.fault(path, `${quoted(source)} ${wrong}`);
}

function duration(reader: DocumentReader, value: unknown, path: Path): number | null {
  const ms = typeof value === 'string' ? durationMs(value) : null;
  return ms !== null && ms > 0
    ? ms
    : reader.fault(path, `${kindOf(value)} is no duration: write it as 500ms, 30s, 5m, 2h or 1d`);
}
