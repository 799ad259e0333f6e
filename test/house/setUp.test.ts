import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installIsCurrent } from '../../scripts/setup/installIsCurrent.mjs';

const LOCK = {
  '': { name: 'root' },
  'packages/text': { name: '@upshot/text', version: '0.1.0' },
  'node_modules/@upshot/text': { resolved: 'packages/text', link: true },
  'node_modules/fastify': { version: '5.12.8' },
  'node_modules/@engine/other-platform': { version: '1.0.0', optional: true },
};

describe('installIsCurrent', () => {
  let root = '';

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'upshot-install-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function files(lock: object, installed: object | null): void {
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: lock }));
    if (!installed) return;
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  }

  it('is false in a fresh clone, and after an install that was cut short', () => {
    files(LOCK, null);
    expect(installIsCurrent(root)).toBe(false);
    mkdirSync(join(root, 'node_modules'));
    expect(installIsCurrent(root)).toBe(false);
  });

  it('is true where all is there, without the binaries of other platforms', () => {
    const { '': _root, 'node_modules/@engine/other-platform': _other, ...installed } = LOCK;
    files(LOCK, installed);
    expect(installIsCurrent(root)).toBe(true);
  });

  it.each([
    ['a package is missing', { 'node_modules/@upshot/text': { link: true } }],
    [
      'a version is another',
      { 'node_modules/@upshot/text': { link: true }, 'node_modules/fastify': { version: '5.12.7' } },
    ],
    [
      'a workspace is not linked',
      { 'node_modules/@upshot/text': { version: '0.1.0' }, 'node_modules/fastify': { version: '5.12.8' } },
    ],
  ])('is false where %s', (_, installed) => {
    files(LOCK, installed);
    expect(installIsCurrent(root)).toBe(false);
  });
});
