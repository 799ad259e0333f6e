import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuleChecker } from '../rules/RuleChecker.js';
import { parseConventions } from './parseConventions.js';
import { patternFault } from './patternFault.js';

const faultsOf = (traceConventions: unknown) =>
  parseConventions({ traceConventions }).faults.map(({ path, at, message }) => ({
    path: path.slice(1).join('.'),
    at,
    message,
  }));

describe('parseConventions', () => {
  it('takes every form that a file may have', () => {
    const { rules, faults } = parseConventions({
      $schema: './conventions.schema.json',
      traceConventions: {
        requiredFields: ['traceId', { field: 'causationId', phases: 'published', services: ['a', 'b*'] }],
        spanNaming: { pattern: '[a-z-]+' },
        eventNames: { allowed: ['a'], pattern: 'b' },
        expectedConsumers: { a: 'x', b: ['y', { consumer: 'z', within: '2h' }] },
        owners: { a: 'team' },
        maxAttempts: 5,
        forbiddenAttributes: ['a', { name: 'b', services: 'c' }],
        severity: { spanNaming: 'error' },
        exceptions: [{ rule: 'spanNaming.style', until: '2026-12-31T06:30:00Z' }],
      },
    });
    expect(faults).toEqual([]);
    expect(rules).toEqual({
      requiredFields: [
        { field: 'traceId', phases: null, services: null },
        { field: 'causationId', phases: ['published'], services: ['a', 'b*'] },
      ],
      spanNaming: { style: 'any', pattern: '[a-z-]+', services: null },
      eventNames: { allowed: ['a'], pattern: 'b' },
      expectedConsumers: [
        { eventName: 'a', consumer: 'x', withinMs: 30_000 },
        { eventName: 'b', consumer: 'y', withinMs: 30_000 },
        { eventName: 'b', consumer: 'z', withinMs: 7_200_000 },
      ],
      owners: [{ service: 'a', owner: 'team' }],
      maxAttempts: { most: 5, consumers: [] },
      forbiddenAttributes: [
        { name: 'a', services: null },
        { name: 'b', services: ['c'] },
      ],
      severity: { spanNaming: 'error' },
      exceptions: [
        {
          rule: 'spanNaming.style',
          service: null,
          name: null,
          endMs: Date.UTC(2026, 11, 31, 6, 30),
          reason: null,
        },
      ],
    });
  });

  it('names what is wrong by its path, and what would be right', () => {
    expect(faultsOf({ requiredFields: ['traceID'], spanNamming: {}, maxAttempts: 1.5 })).toEqual([
      { path: 'spanNamming', at: 'key', message: expect.stringContaining('did you mean spanNaming?') },
      { path: 'requiredFields.0', at: 'value', message: expect.stringContaining('did you mean traceId?') },
      {
        path: 'maxAttempts',
        at: 'value',
        message: expect.stringContaining('a whole number from 1, and is 1.5'),
      },
    ]);
    expect(faultsOf(null)).toEqual([
      { path: '', at: 'value', message: expect.stringContaining('and is empty') },
    ]);
    for (const other of [7, 'x', [], undefined]) expect(parseConventions(other).faults).toHaveLength(1);
  });

  it('throws for no plain data, and what it takes can be checked by', () => {
    const key = fc.constantFrom(
      ...[
        'traceConventions',
        'requiredFields',
        'spanNaming',
        'style',
        'pattern',
        'eventNames',
        'allowed',
        'severity',
      ],
      ...[
        'expectedConsumers',
        'consumer',
        'within',
        'maxAttempts',
        'exceptions',
        'rule',
        'until',
        '__proto__',
        'a',
      ],
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(
          'traceId',
          'business-step-first',
          '[a-z]+',
          '30s',
          '2026-01-01',
          'error',
          '',
          'a*',
          1,
          0,
          null,
          true,
        ),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (traceConventions) => {
        const { rules, faults } = parseConventions({ traceConventions });
        expect(rules === null).toBe(faults.length > 0);
        if (rules !== null) new RuleChecker(rules, 0n).attributes('a', ['b']);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([[Object.create(null)], [[[Object.create(null)]]], [[[]]], [7]])(
    'says what stands where a day or a duration belongs: %j',
    (value) => {
      expect(faultsOf({ exceptions: [{ rule: 'spanNaming', until: value }] })[0]?.message).toMatch(
        /(a map|a list|7) is no day/,
      );
      expect(faultsOf({ expectedConsumers: { e: [{ consumer: 'c', within: value }] } })[0]?.message).toMatch(
        /(a map|a list|7) is no duration/,
      );
    },
  );

  it('stops noting faults where there is no end of them', () => {
    expect(faultsOf({ requiredFields: Array.from({ length: 500 }, () => 'x') }).length).toBeLessThanOrEqual(
      20,
    );
    expect(faultsOf({ requiredFields: Array.from({ length: 5000 }, () => 'traceId') })).toHaveLength(1);
  });
});

describe('patternFault', () => {
  it.each([
    '[a-z]+(-[a-z]+)*',
    '[a-z]+(\\.[a-z0-9_]+)+',
    '([a-z]+-)*[a-z]+',
    '(order|payment)\\.[a-z]+',
    '[A-Z][A-Za-z]*',
    '(?:[a-z]{1,9}){2,4}',
    'a.*b',
    '[(]+[*]+',
  ])('lets %s pass', (source) => {
    expect(patternFault(source)).toBeNull();
  });

  it.each([
    '(a+)+',
    '([a-z]+)*',
    '(a|a)*',
    '(a|b)+',
    '(.*-)*',
    '(-[a-z-]+-)*',
    '(\\w+\\s?)+',
    '((a+)b?)+',
    '(a*){2,}',
  ])('refuses %s, which may take for ever', (source) => {
    expect(patternFault(source)).toContain('may take for ever');
  });

  it.each(['[a-z', '(', '*', '\\k<a>'])('says that %s is none', (source) => {
    expect(patternFault(source)).toContain('is no regular expression');
  });
});
