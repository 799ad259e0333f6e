import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ConventionsFileError,
  parseConventionsText,
  readConventionsFile,
  watchConventionsFile,
} from '../src/index.js';

const SEED = `traceConventions:
  requiredFields:
    - traceId
    - eventId
    - correlationId
    - consumerName
  spanNaming:
    style: business-step-first
`;

function faultsOf(text: string): readonly string[] {
  try {
    parseConventionsText(text, 'c.yaml');
  } catch (error) {
    if (error instanceof ConventionsFileError) return error.faults;
    throw error;
  }
  return [];
}

describe('parseConventionsText', () => {
  it('reads the plain file, as YAML and as JSON', () => {
    const { rules, document } = parseConventionsText(SEED, 'c.yaml');
    expect(rules.requiredFields.map(({ field }) => field)).toEqual([
      'traceId',
      'eventId',
      'correlationId',
      'consumerName',
    ]);
    expect(rules.spanNaming?.style).toBe('business-step-first');
    expect(document).toEqual({
      requiredFields: ['traceId', 'eventId', 'correlationId', 'consumerName'],
      spanNaming: { style: 'business-step-first' },
    });
    expect(
      parseConventionsText(JSON.stringify({ traceConventions: document }, null, 2), 'c.json').rules,
    ).toEqual(rules);
  });

  it.each([
    [
      'a misspelt key',
      'traceConventions:\n  requiredField:\n    - traceId\n',
      ['c.yaml:2:3: unknown key "requiredField" (did you mean requiredFields?)'],
    ],
    [
      'a misspelt field',
      'traceConventions:\n  requiredFields:\n    - traceId\n    - evntId\n',
      ['c.yaml:4:7: requiredFields[1] "evntId" is no field (did you mean eventId?)'],
    ],
    [
      'a misspelt style',
      'traceConventions:\n  spanNaming:\n    style: business-step\n',
      ['c.yaml:3:12: spanNaming.style "business-step" is no style (did you mean business-step-first?)'],
    ],
    [
      'an empty value',
      'traceConventions:\n  requiredFields:\n',
      ['c.yaml:2:3: requiredFields must be a list of fields, and is empty'],
    ],
    [
      'a wrong type',
      'traceConventions:\n  requiredFields: traceId\n',
      ['c.yaml:2:19: requiredFields must be a list of fields, and is "traceId"'],
    ],
    [
      'no rules at all',
      'requiredFields: []\n',
      ['c.yaml:1:1: unknown key "requiredFields"', 'c.yaml:1:1: has no traceConventions'],
    ],
    ['an empty file', '', ['c.yaml:1:1: is empty']],
    ['a comment alone', '# later\n', ['c.yaml:1:1: is empty']],
    ['a list', '- traceConventions\n', ['c.yaml:1:1: must be a map']],
    ['broken YAML', 'traceConventions:\n  requiredFields: [traceId\n', ['c.yaml:3:1: ']],
    [
      'a key twice',
      'traceConventions:\n  owners: {}\n  owners: {}\n',
      ['c.yaml:3:3: Map keys must be unique'],
    ],
    ['a tab', 'traceConventions:\n\trequiredFields: []\n', ['c.yaml:2:1: ']],
    ['broken JSON', '{"traceConventions": {"requiredFields": ["traceId",, ]}}', ['c.yaml:1:52: ']],
    [
      'a duration without unit',
      'traceConventions:\n  expectedConsumers:\n    order.placed: [{consumer: mail, within: 30}]\n',
      [
        'c.yaml:3:45: expectedConsumers.order.placed[0].within 30 is no duration: write it as 500ms, 30s, 5m, 2h or 1d',
      ],
    ],
    [
      'an exception for ever',
      'traceConventions:\n  exceptions:\n    - rule: spanNaming\n      service: old\n',
      ['c.yaml:3:7: exceptions[0] must have until'],
    ],
    [
      'a day that is none',
      'traceConventions:\n  exceptions:\n    - {rule: spanNaming, until: 2026-02-30}\n',
      ['c.yaml:3:33: exceptions[0].until "2026-02-30" is no day'],
    ],
    [
      'a pattern that is none',
      "traceConventions:\n  spanNaming:\n    pattern: '[a-z'\n",
      ['c.yaml:3:14: spanNaming.pattern "[a-z" is no regular expression'],
    ],
    [
      'a pattern that may take for ever',
      "traceConventions:\n  eventNames:\n    pattern: '([a-z]+)+'\n",
      ['c.yaml:3:14: eventNames.pattern "([a-z]+)+" repeats a group'],
    ],
    [
      'a number of attempts that is none',
      'traceConventions:\n  maxAttempts: 0\n',
      [
        'c.yaml:2:16: maxAttempts must be how often one delivery may be tried, a whole number from 1, and is 0',
      ],
    ],
    [
      'an unknown rule',
      'traceConventions:\n  severity:\n    spanNames: error\n',
      ['c.yaml:3:5: "spanNames" is no rule (did you mean spanNaming?)'],
    ],
  ])('says where it is wrong and what would be right: %s', (_, text, expected) => {
    const faults = faultsOf(text);
    expect(faults).toEqual(expected.map((fault) => expect.stringContaining(fault)));
    for (const fault of faults) expect(fault).not.toContain('\n');
  });

  it('names all faults, in the order of the file', () => {
    const faults = faultsOf(
      'traceConventions:\n  severity: {spanNaming: bad}\n  requiredFields: [x]\n  y: 1\n',
    );
    expect(faults.map((fault) => fault.split(': ', 1)[0])).toEqual([
      'c.yaml:2:26',
      'c.yaml:3:20',
      'c.yaml:4:3',
    ]);
  });

  it('refuses what is no such file without reading it all', () => {
    expect(faultsOf(`# ${'x'.repeat(300_000)}`)).toEqual([expect.stringContaining('larger than 256 KB')]);
    const bomb =
      'a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n';
    expect(faultsOf(bomb).length).toBeGreaterThan(0);
  });
});

describe('any text', () => {
  it('is read or refused by one class of error, in single lines that begin with the place', () => {
    const word = fc.constantFrom(
      ...[
        'traceConventions',
        'requiredFields',
        'traceId',
        'spanNaming',
        'style',
        'exceptions',
        'until',
        '2026-01-01',
      ],
      ...[
        ': ',
        '\n',
        '  ',
        '- ',
        '{',
        '}',
        '[',
        ']',
        ',',
        '"',
        '&a ',
        '*a',
        '!!js ',
        '? ',
        '|',
        '# ',
        '\t',
        '\u202e',
        '__proto__',
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(text, (one) => {
        for (const fault of faultsOf(one)) {
          expect(fault).toMatch(/^c\.yaml(?::[1-9]\d*:[1-9]\d*)?: \S/);
          expect(fault).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a file', () => {
  let directory = '';
  let file = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'upshot-conventions-'));
    file = join(directory, 'conventions.yaml');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('that is not there is told in one line', async () => {
    await expect(readConventionsFile(file)).rejects.toThrow(`${file} can't be read (ENOENT)`);
  });

  it('is taken when it changes, and kept when it becomes wrong or goes', async () => {
    writeFileSync(file, SEED);
    const faults: string[] = [];
    const watch = await watchConventionsFile(file, { onFault: ({ message }) => faults.push(message) });
    try {
      const fields = () => watch.current.rules.requiredFields.map(({ field }) => field);
      expect(fields()).toHaveLength(4);
      const changed = performance.now();
      writeFileSync(file, 'traceConventions: {requiredFields: [step]}');
      await vi.waitFor(() => expect(fields()).toEqual(['step']), { timeout: 20_000, interval: 20 });
      expect(performance.now() - changed).toBeLessThan(10_000);

      writeFileSync(file, 'traceConventions: {requiredFields: [steps]}');
      await vi.waitFor(() => expect(faults).toHaveLength(1), { timeout: 20_000 });
      expect(faults[0]).toContain(`${file}:1:37: requiredFields[0] "steps" is no field (did you mean step?)`);
      expect(fields()).toEqual(['step']);

      rmSync(file);
      await vi.waitFor(() => expect(faults).toHaveLength(2), { timeout: 20_000 });
      expect(fields()).toEqual(['step']);

      // As editors and configuration mounts do it.
      writeFileSync(`${file}.new`, SEED);
      renameSync(`${file}.new`, file);
      await vi.waitFor(() => expect(fields()).toHaveLength(4), { timeout: 20_000 });
      expect(faults).toHaveLength(2);
    } finally {
      watch.close();
    }
  });
});
