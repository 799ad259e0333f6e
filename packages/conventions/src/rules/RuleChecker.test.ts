import { describe, expect, it } from 'vitest';
import { parseConventions } from '../file/parseConventions.js';
import { RuleChecker } from './RuleChecker.js';
import type { Field } from './Rules.js';
import type { Checked } from './Violation.js';

const NOW = Date.UTC(2026, 5, 15, 12);

function checker(traceConventions: object, nowMs = NOW): RuleChecker {
  const { rules, faults } = parseConventions({ traceConventions });
  expect(faults).toEqual([]);
  return new RuleChecker(rules!, BigInt(nowMs) * 1_000_000n);
}

const ALL: readonly Field[] = [
  'traceId',
  'eventId',
  'eventName',
  'correlationId',
  'consumerName',
  'producer',
  'destination',
  'step',
];

function publish(changes: Partial<Checked> = {}): Checked {
  return {
    phase: 'published',
    service: 'checkout',
    eventName: 'order.placed',
    consumer: '',
    states: new Set(ALL.filter((field) => field !== 'consumerName' && field !== 'step')),
    spanName: 'publish orders',
    step: null,
    places: ['orders'],
    attributes: ['messaging.system'],
    attempt: null,
    isRecord: false,
    ...changes,
  };
}

function attempt(changes: Partial<Checked> = {}): Checked {
  return publish({
    phase: 'succeeded',
    service: 'warehouse',
    consumer: 'stock',
    states: new Set(ALL),
    spanName: 'process orders',
    step: 'reserve-inventory',
    attempt: 1,
    ...changes,
  });
}

const without = (...fields: Field[]) => new Set(ALL.filter((field) => !fields.includes(field)));
const broken = (rules: object, checked: Checked, nowMs?: number) =>
  checker(rules, nowMs)
    .check(checked)
    .map(({ rule, name }) => `${rule} ${name}`);

const SEED = {
  requiredFields: ['traceId', 'eventId', 'correlationId', 'consumerName'],
  spanNaming: { style: 'business-step-first' },
};

describe('requiredFields', () => {
  it('finds what is missing, and nothing where all is there', () => {
    expect(broken(SEED, publish())).toEqual([]);
    expect(broken(SEED, attempt())).toEqual([]);
    expect(broken(SEED, publish({ states: without('eventId', 'correlationId') }))).toEqual([
      'requiredFields.eventId order.placed',
      'requiredFields.correlationId order.placed',
    ]);
    expect(broken(SEED, attempt({ states: without('consumerName') }))).toEqual([
      'requiredFields.consumerName order.placed',
    ]);
  });

  it('wants a consumer of what is consumed, in whatever phase that is, and not of a publish', () => {
    for (const phase of ['processing', 'succeeded', 'failed', 'skipped'] as const)
      expect(broken(SEED, attempt({ phase, states: without('consumerName') }))).toHaveLength(1);
    expect(broken(SEED, publish({ states: without('consumerName') }))).toEqual([]);
  });

  it('leaves dead letters and replays alone unless they are named', () => {
    const letter = publish({ phase: 'dead-lettered', states: new Set<Field>() });
    expect(broken(SEED, letter)).toEqual([]);
    const strict = { requiredFields: [{ field: 'eventId', phases: 'dead-lettered' }] };
    expect(broken(strict, letter)).toEqual(['requiredFields.eventId order.placed']);
    expect(broken(strict, publish({ states: without('eventId') }))).toEqual([]);
  });

  it('holds for the phases and services that it names', () => {
    const rules = {
      requiredFields: [
        { field: 'causationId', services: ['pay*'] },
        { field: 'attempt', phases: ['failed'] },
      ],
    };
    expect(broken(rules, publish({ service: 'payments' }))).toEqual([
      'requiredFields.causationId order.placed',
    ]);
    expect(broken(rules, publish({ service: 'checkout' }))).toEqual([]);
    expect(broken(rules, attempt({ phase: 'failed' }))).toEqual(['requiredFields.attempt order.placed']);
    expect(broken(rules, attempt())).toEqual([]);
  });

  it('says the line to write, for a span and for a record', () => {
    const states = without('consumerName');
    const [span] = checker(SEED).check(attempt({ states }));
    expect(span).toMatchObject({ severity: 'warning', service: 'warehouse' });
    expect(span!.fix).toBe(
      "In warehouse, on the span that processes it: span.setAttribute('upshot.consumer', 'warehouse')",
    );
    const [record] = checker(SEED).check(attempt({ states, isRecord: true, spanName: '' }));
    expect(record!.fix).toBe('In warehouse, write into the event record: "consumerName": "warehouse"');
  });

  it('puts no name of a sender into code that is more than a name', () => {
    const hostile = attempt({ service: "x'); rm -rf", states: without('consumerName') });
    expect(checker(SEED).check(hostile)[0]!.fix).toContain(
      "span.setAttribute('upshot.consumer', 'warehouse')",
    );
  });
});

describe('spanNaming', () => {
  it('wants a business step of an attempt, and of nothing else', () => {
    expect(broken(SEED, attempt({ step: null }))).toEqual(['spanNaming.style process orders']);
    expect(broken(SEED, attempt({ step: null, spanName: 'kafka.consume' }))).toEqual([
      'spanNaming.style kafka.consume',
    ]);
    expect(broken(SEED, publish({ step: null }))).toEqual([]);
    expect(broken({ spanNaming: { style: 'any' } }, attempt({ step: null }))).toEqual([]);
  });

  it('is not deceived by a step that is called like the transport, nor by a queue that is called like the step', () => {
    expect(broken(SEED, attempt({ step: 'process orders' }))).toEqual(['spanNaming.style process orders']);
    expect(broken(SEED, attempt({ step: 'kafka.consume' }))).toEqual(['spanNaming.style kafka.consume']);
    expect(broken(SEED, attempt({ step: 'reserve-inventory', places: ['reserve-inventory'] }))).toEqual([]);
  });

  it('finds no bad name where there is no span', () => {
    expect(broken(SEED, attempt({ step: null, spanName: '', isRecord: true }))).toEqual([]);
  });

  it('holds the whole name against the pattern', () => {
    const rules = { spanNaming: { style: 'business-step-first', pattern: '[a-z]+(-[a-z]+)+' } };
    expect(broken(rules, attempt())).toEqual([]);
    expect(broken(rules, attempt({ step: 'reserveInventory' }))).toEqual([
      'spanNaming.pattern reserveInventory',
    ]);
    expect(broken(rules, attempt({ step: 'reserve-inventory!' }))).toHaveLength(1);
    expect(broken(rules, attempt({ step: `a-${'b'.repeat(300)}` }))).toHaveLength(1);
  });

  it('holds for the services that it names', () => {
    const rules = { spanNaming: { style: 'business-step-first', services: ['ware*'] } };
    expect(broken(rules, attempt({ step: null }))).toHaveLength(1);
    expect(broken(rules, attempt({ step: null, service: 'legacy' }))).toEqual([]);
  });
});

describe('eventNames', () => {
  it('takes names of the list, by globs too, or by the pattern', () => {
    const listed = { eventNames: ['order.placed', 'payment.*'] };
    expect(broken(listed, publish())).toEqual([]);
    expect(broken(listed, publish({ eventName: 'payment.authorized' }))).toEqual([]);
    const [wrong] = checker(listed).check(publish({ eventName: 'order.place' }));
    expect(wrong!.message).toContain('is not among the allowed event names (did you mean order.placed?)');
    const both = { eventNames: { allowed: ['legacy'], pattern: '[a-z]+(\\.[a-z]+)+' } };
    expect(broken(both, publish())).toEqual([]);
    expect(broken(both, publish({ eventName: 'legacy' }))).toEqual([]);
    expect(broken(both, publish({ eventName: 'OrderPlaced' }))).toEqual(['eventNames OrderPlaced']);
  });

  it('is told to whoever publishes, not to whoever consumes', () => {
    expect(broken({ eventNames: ['a'] }, attempt())).toEqual([]);
  });
});

describe('maxAttempts', () => {
  it('counts by consumer', () => {
    const rules = { maxAttempts: { default: 3, consumers: { 'stock*': 5 } } };
    expect(broken(rules, attempt({ attempt: 5 }))).toEqual([]);
    expect(broken(rules, attempt({ attempt: 6 }))).toEqual(['maxAttempts order.placed']);
    expect(broken(rules, attempt({ attempt: 3, consumer: 'mail' }))).toEqual([]);
    expect(broken(rules, attempt({ attempt: 4, consumer: 'mail' }))).toHaveLength(1);
    expect(broken({ maxAttempts: 2 }, attempt({ attempt: 3 }))).toHaveLength(1);
    expect(broken({ maxAttempts: { consumers: { mail: 1 } } }, attempt({ attempt: 9 }))).toEqual([]);
  });
});

describe('forbiddenAttributes', () => {
  const rules = {
    forbiddenAttributes: ['card.number', 'user.*', { name: 'debug.*', services: 'warehouse' }],
  };

  it('finds keys and globs, each key once', () => {
    const attributes = ['card.number', 'card.number', 'user.email', 'username', 'card.number.last4'];
    expect(broken(rules, publish({ attributes }))).toEqual([
      'forbiddenAttributes card.number',
      'forbiddenAttributes user.email',
    ]);
    expect(broken(rules, publish({ attributes: ['debug.sql'] }))).toEqual([]);
    expect(broken(rules, attempt({ attributes: ['debug.sql'] }))).toEqual(['forbiddenAttributes debug.sql']);
  });
});

describe('severities, exceptions, owners', () => {
  it('weighs by the rule, else by its group', () => {
    const rules = { ...SEED, severity: { requiredFields: 'info', 'requiredFields.eventId': 'error' } };
    const found = checker(rules).check(attempt({ states: without('eventId', 'correlationId'), step: null }));
    expect(found.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual([
      'requiredFields.eventId error',
      'requiredFields.correlationId info',
      'spanNaming.style warning',
    ]);
    expect(checker({}).severityOf('expectedConsumers')).toBe('error');
  });

  it('lets pass what is excepted, to the end of its last day', () => {
    const rules = {
      ...SEED,
      exceptions: [{ rule: 'spanNaming', service: 'ware*', name: 'process *', until: '2026-06-15' }],
    };
    expect(broken(rules, attempt({ step: null }))).toEqual([]);
    expect(broken(rules, attempt({ step: null }), Date.UTC(2026, 5, 16) - 1)).toEqual([]);
    expect(broken(rules, attempt({ step: null }), Date.UTC(2026, 5, 16))).toHaveLength(1);
    expect(broken(rules, attempt({ step: null, service: 'mail' }))).toHaveLength(1);
    expect(broken(rules, attempt({ step: null, spanName: 'kafka.consume' }))).toHaveLength(1);
    expect(broken(rules, attempt({ states: without('eventId') }))).toHaveLength(1);
  });

  it('expects no consumer that is excepted', () => {
    const rules = {
      expectedConsumers: { 'order.*': ['warehouse', { consumer: 'mail', within: '5m' }] },
      exceptions: [{ rule: 'expectedConsumers', service: 'mail', until: '2026-06-30' }],
    };
    const expected = (nowMs: number) => checker(rules, nowMs).expectedConsumers('order.placed');
    expect(expected(NOW)).toEqual([{ eventName: 'order.*', consumer: 'warehouse', withinMs: 30_000 }]);
    expect(expected(Date.UTC(2026, 6, 1)).map(({ withinMs }) => withinMs)).toEqual([30_000, 300_000]);
    expect(checker(rules).expectedConsumers('payment.taken')).toEqual([]);
  });

  it('knows who answers for a service', () => {
    const owned = checker({ owners: { warehouse: 'logistics', 'pay*': 'money' } });
    expect([owned.ownerOf('warehouse'), owned.ownerOf('payments'), owned.ownerOf('mail')]).toEqual([
      'logistics',
      'money',
      null,
    ]);
  });
});
