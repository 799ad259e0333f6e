import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withCounts } from '../../scripts/house/countCases.mjs';
import { readCases } from '../../scripts/house/readCases.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const root = mkdtempSync(join(tmpdir(), 'upshot-cases-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const PAGE = '# A behaviour\n\nProvenance: recorded\nSource: a library 1.0\n\n    ◆──✓\n';

function write(name: string, files: Record<string, string>): void {
  mkdirSync(join(root, 'cases', name), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, 'cases', name, file), text);
}

write('sound', { 'case.md': PAGE, 'input.otlp.json': '{}', 'expected.json': '{}' });
write('by-hand', {
  'case.md': PAGE.replace('recorded', 'transcribed'),
  'input.events.ndjson': '',
  'expected.json': '{}',
});
write('Wrong_Name', { 'case.md': 'Provenance: guessed' });
write('empty', {});

describe('cases of this repository', () => {
  it('have their form', () => {
    expect(readCases(ROOT).flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`))).toEqual(
      [],
    );
  });

  it('are counted in cases/README.md (`npm run cases` counts again)', () => {
    const page = readFileSync(join(ROOT, 'cases/README.md'), 'utf8');
    expect(page).toBe(withCounts(ROOT, page));
  });
});

describe('readCases', () => {
  it('reads provenance and finds what is wrong with the form of a case', () => {
    expect(readCases(root)).toEqual([
      {
        name: 'Wrong_Name',
        provenance: null,
        faults: [
          'its name is not lower-case words with hyphens',
          'case.md does not begin with a heading',
          'case.md does not say `Provenance: recorded` or `Provenance: transcribed`',
          'case.md does not say its `Source: …`',
          'case.md draws no timeline in a code block',
          'it has neither input.otlp.json nor input.events.ndjson',
          'expected.json is missing',
        ],
      },
      { name: 'by-hand', provenance: 'transcribed', faults: [] },
      {
        name: 'empty',
        provenance: null,
        faults: [
          'case.md is missing',
          'it has neither input.otlp.json nor input.events.ndjson',
          'expected.json is missing',
        ],
      },
      { name: 'sound', provenance: 'recorded', faults: [] },
    ]);
  });
});

describe('withCounts', () => {
  it('writes the table between its marks and touches nothing else', () => {
    const page = 'before\n<!-- counts: x -->\nold\n<!-- /counts -->\nafter\n';
    expect(withCounts(root, page)).toBe(
      'before\n<!-- counts: x -->\n| provenance | cases |\n|---|---|\n| recorded | 1 |\n| transcribed | 1 |\n| all | 4 |\n<!-- /counts -->\nafter\n',
    );
    expect(() => withCounts(root, 'no marks')).toThrow('no place');
  });
});
