import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

interface Manifest {
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The numbers of a range or of an alias (`npm:redis@^4.7.0`): its first and, where it ends with `<7`, the last major version that it lets in. */
function majorsIn(range: string): { first: number; last: number } {
  const [, first] = /(\d+)/.exec(range.replace(/^npm:(?:@[^/]+\/)?[^@]+@/, ''))!;
  const below = /<\s*(\d+)/.exec(range)?.[1];
  return { first: Number(first), last: below === undefined ? Number(first) : Number(below) - 1 };
}

/** Major versions that no test runs, each with its reason. */
const UNTESTED: Readonly<Record<string, string>> = {
  '@confluentinc/kafka-javascript 1': 'fetches its binary from outside the registries when it is installed',
  '@platformatic/kafka 2': 'needs Node 22',
};

// A range is a promise: each major version that an adapter lets in runs its cases.
it('adapters are tested with every major version that they let in', () => {
  const missing: string[] = [];
  for (const folder of readdirSync(join(ROOT, 'packages')).filter((name) => name.startsWith('sdk-'))) {
    const manifest = JSON.parse(
      readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8'),
    ) as Manifest;
    const { peerDependencies = {}, devDependencies = {} } = manifest;
    for (const [library, range] of Object.entries(peerDependencies)) {
      if (library === '@opentelemetry/api') continue;
      const tested = new Set(
        Object.entries(devDependencies)
          .filter(([name, version]) => name === library || version.startsWith(`npm:${library}@`))
          .map(([, version]) => majorsIn(version).first),
      );
      const { first, last } = majorsIn(range);
      for (let major = first; major <= last; major++) {
        const one = `${library} ${major}`;
        if (!tested.has(major) && UNTESTED[one] === undefined) missing.push(`${folder}: ${one}`);
      }
    }
  }
  expect(missing).toEqual([]);
});
