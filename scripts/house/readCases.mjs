import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ name: string, provenance: 'recorded' | 'transcribed' | null, faults: string[] }} Case */

const INPUTS = ['input.otlp.json', 'input.events.ndjson'];

/**
 * Every case with what is wrong with its form.
 * @param {string} root of the repository
 * @returns {Case[]}
 */
export function readCases(root) {
  const cases = join(root, 'cases');
  if (!existsSync(cases)) return [];
  return readdirSync(cases, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readCase(join(cases, name), name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {Case}
 */
function readCase(folder, name) {
  const files = readdirSync(folder);
  const page = files.includes('case.md') ? readFileSync(join(folder, 'case.md'), 'utf8') : '';
  const provenance = /^Provenance: (recorded|transcribed)$/m.exec(page)?.[1];
  /** @type {string[]} */
  const faults = [];
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) faults.push('its name is not lower-case words with hyphens');
  if (page === '') faults.push('case.md is missing');
  else {
    if (!/^# \S/.test(page)) faults.push('case.md does not begin with a heading');
    if (!provenance) faults.push('case.md does not say `Provenance: recorded` or `Provenance: transcribed`');
    if (!/^Source: \S/m.test(page)) faults.push('case.md does not say its `Source: …`');
    if (!/^(?: {4}|```)/m.test(page)) faults.push('case.md draws no timeline in a code block');
  }
  if (!INPUTS.some((input) => files.includes(input))) faults.push(`it has neither ${INPUTS.join(' nor ')}`);
  if (!files.includes('expected.json')) faults.push('expected.json is missing');
  return { name, provenance: /** @type {Case['provenance']} */ (provenance ?? null), faults };
}
