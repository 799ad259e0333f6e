import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPackages, sourceFiles } from '../../scripts/house/readPackages.mjs';

const ROOT = resolve(import.meta.dirname, '../..');

function pages(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed.split('\n').filter((page) => page !== '' && existsSync(join(ROOT, page)));
}

/** Targets of links, outside of code. */
function links(text: string): string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
}

/** Anchors as Git hosts make them from headings. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('documentation', () => {
  it('leads nowhere that is not there', () => {
    const broken = pages().flatMap((page) =>
      links(readFileSync(join(ROOT, page), 'utf8'))
        .filter((target) => !/^[a-z]+:/.test(target))
        .filter((target) => {
          const [path = '', anchor] = target.split('#');
          const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
          if (!existsSync(file)) return true;
          return anchor !== undefined && !anchors(readFileSync(file, 'utf8')).includes(anchor);
        })
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('names every metric that there is, and no other', () => {
    const code = sourceFiles(join(ROOT, 'packages/server/src')).map((file) => readFileSync(file, 'utf8'));
    const named = (text: string, pattern: RegExp) =>
      new Set(Array.from(text.matchAll(pattern), ([, name]) => name!));
    const there = named(code.join('\n'), /'(upshot_[a-z_]+)'/g);
    const told = named(
      readFileSync(join(ROOT, 'docs/operations.md'), 'utf8'),
      /`(upshot_[a-z_]+?)(?:_count)?[`{]/g,
    );
    expect([...told].sort()).toEqual([...there].sort());
  });

  it('has a page for every package', () => {
    const without = readPackages(ROOT).filter(({ path }) => !existsSync(join(path, 'README.md')));
    expect(without.map(({ folder }) => `packages/${folder}/README.md`)).toEqual([]);
  });

  it('lists every decision', () => {
    const index = readFileSync(join(ROOT, 'docs/decisions/README.md'), 'utf8');
    const records = pages().filter((page) => /^docs\/decisions\/\d{3}-/.test(page));
    expect(records.filter((page) => !index.includes(`(${page.slice('docs/decisions/'.length)})`))).toEqual(
      [],
    );
  });
});
