import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CONVENTIONS_SCHEMA, parseConventions } from '@upshot/conventions';
import { Compile } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = resolve(import.meta.dirname, '../..');
const validator = Compile(CONVENTIONS_SCHEMA as object);
const isValid = (value: unknown) => validator.Check(value);
const isParsed = (value: unknown) => parseConventions(value).faults.length === 0;

describe('the JSON Schema', () => {
  it('is the file that editors read', () => {
    const file = readFileSync(resolve(ROOT, 'packages/conventions/conventions.schema.json'), 'utf8');
    expect(JSON.parse(file)).toEqual(CONVENTIONS_SCHEMA);
  });

  it.each([
    {},
    { requiredFields: ['traceId', { field: 'step', phases: 'consumed', services: ['a', 'b'] }] },
    { spanNaming: { style: 'business-step-first' } },
    { spanNaming: { pattern: '[a-z]+(-[a-z]+)*', services: 'a' } },
    { eventNames: ['a', 'b.*'] },
    { eventNames: { allowed: ['a'] } },
    { expectedConsumers: { a: 'b', c: ['d', { consumer: 'e' }, { consumer: 'f', within: '5min' }] } },
    { owners: { a: 'b' } },
    { maxAttempts: 3 },
    { maxAttempts: { default: 3, consumers: { a: 5 } } },
    { forbiddenAttributes: ['a', { name: 'b', services: ['c'] }] },
    { severity: { spanNaming: 'info', 'requiredFields.traceId': 'error' } },
    { exceptions: [{ rule: 'spanNaming.style', service: 'a', name: 'b', until: '2026-12-31', reason: 'c' }] },
  ])('takes what the parser takes: %j', (traceConventions) => {
    expect([isValid({ traceConventions }), isParsed({ traceConventions })]).toEqual([true, true]);
  });

  it.each([
    { requiredField: [] },
    { requiredFields: 'traceId' },
    { requiredFields: ['traceID'] },
    { requiredFields: [{ phases: ['published'] }] },
    { requiredFields: [{ field: 'step', phases: ['publish'] }] },
    { spanNaming: 'business-step-first' },
    { spanNaming: { style: 'business' } },
    { eventNames: {} },
    { eventNames: [1] },
    { expectedConsumers: { a: { within: '5m' } } },
    { expectedConsumers: { a: { consumer: 'b', within: '5' } } },
    { owners: { a: 1 } },
    { maxAttempts: 0 },
    { maxAttempts: { most: 3 } },
    { forbiddenAttributes: [''] },
    { severity: { spanNaming: 'fatal' } },
    { severity: { spanNames: 'info' } },
    { exceptions: [{ rule: 'spanNaming' }] },
    { exceptions: [{ rule: 'spanNaming', until: 'soon' }] },
    { exceptions: [{ until: '2026-12-31' }] },
  ])('refuses what the parser refuses: %j', (traceConventions) => {
    expect([isValid({ traceConventions }), isParsed({ traceConventions })]).toEqual([false, false]);
  });

  it('fits every example in the documentation', () => {
    const page = readFileSync(resolve(ROOT, 'docs/conventions.md'), 'utf8');
    const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => parse(text!) as unknown);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples) {
      expect(parseConventions(example).faults).toEqual([]);
      expect(isValid(example)).toBe(true);
    }
    const schema = JSON.parse(JSON.stringify(CONVENTIONS_SCHEMA)) as {
      properties: { traceConventions: { properties: object } };
    };
    const keys = Object.keys(schema.properties.traceConventions.properties);
    const all = examples.at(-1) as { traceConventions: object };
    expect(Object.keys(all.traceConventions).sort()).toEqual(keys.sort());
  });
});
