import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

const ROOT = resolve(import.meta.dirname, '../..');
const LOCK = JSON.parse(readFileSync(resolve(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Where Node would find a dependency of the package at `path`, among the places that the lock file names. */
function found(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in LOCK.packages) return true;
    if (at === '') return false;
  }
}

describe('package-lock.json', () => {
  it('names everything that its packages need, on every platform: else `npm ci` refuses it in a fresh clone', () => {
    const missing = Object.entries(LOCK.packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !found(path, name))
        .map((name) => `${path || 'the root'} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('names no registry, so that every clone installs from its own', () => {
    const resolved = Object.values(LOCK.packages).map((locked) => locked.resolved ?? '');
    expect(resolved.filter((address) => /^https?:/.test(address))).toEqual([]);
  });
});
