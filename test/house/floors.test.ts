import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const made: string[] = [];

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A repository of the given packages: folder → [manifest's further fields, files]. */
function house(
  packages: Record<string, { manifest?: object; files?: Record<string, string> }>,
  files: Record<string, string> = {},
): string {
  const root = mkdtempSync(join(tmpdir(), 'upshot-house-'));
  made.push(root);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('package.json', JSON.stringify({ name: 'root', devDependencies: { vitest: '*' } }));
  for (const [folder, { manifest, files: inside }] of Object.entries(packages)) {
    const exports = { '.': './dist/index.js' };
    write(
      `packages/${folder}/package.json`,
      JSON.stringify({ name: `@upshot/${folder}`, exports, ...manifest }),
    );
    for (const [path, text] of Object.entries(inside ?? {})) write(`packages/${folder}/${path}`, text);
  }
  for (const [path, text] of Object.entries(files)) write(path, text);
  return root;
}

function check(root: string): { status: number | null; faults: string[] } {
  const run = spawnSync(process.execPath, [join(ROOT, 'scripts/check-floors.mjs'), root], {
    encoding: 'utf8',
  });
  return { status: run.status, faults: run.stderr.trim().split('\n').slice(0, -1) };
}

const needs = (...names: string[]) => ({
  dependencies: Object.fromEntries(names.map((name) => [name, '*'])),
});

describe('check-floors', () => {
  it('finds nothing wrong with this repository', () => {
    expect(
      execFileSync(process.execPath, [join(ROOT, 'scripts/check-floors.mjs')], { encoding: 'utf8' }),
    ).toBe('');
  });

  it('passes a sound house', () => {
    const root = house({
      conventions: { files: { 'src/index.ts': 'export const a = 1;' } },
      model: {
        manifest: needs('@upshot/conventions'),
        files: { 'src/index.ts': "export { a } from '@upshot/conventions';" },
      },
      server: {
        manifest: needs('@upshot/model', 'fastify'),
        files: {
          'src/index.ts':
            "import '@upshot/model';\nimport 'fastify';\nimport 'node:fs';\nimport './other.js';",
          'src/other.ts': 'export {};',
          'test/it.test.ts': "import 'vitest';\nimport '@upshot/conventions';",
        },
      },
    });
    expect(check(root)).toEqual({ status: 0, faults: [] });
  });

  it.each([
    ['upwards', 'model', "import '@upshot/server';"],
    ['on the same floor', 'causality', "import '@upshot/storage';"],
    ['for types alone', 'model', "import type { A } from '@upshot/server';"],
    ['by export', 'model', "export * from '@upshot/server';"],
    ['by import()', 'receiver', "export const a = () => import('@upshot/server');"],
    ['by import type', 'model', "export type A = import('@upshot/server').A;"],
    ['into the tower', 'server', "import '@upshot/sdk';"],
    ['out of the tower', 'sdk', "import '@upshot/model';"],
  ])('finds an import %s', (_, folder, source) => {
    const to = /@upshot\/([\w-]+)/.exec(source)![1]!;
    const root = house({
      [folder]: { manifest: needs(`@upshot/${to}`), files: { 'src/index.ts': source } },
      [to]: {},
    });
    const { status, faults } = check(root);
    expect(status).toBe(1);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^packages/${folder}/src/index.ts: .*${to}`));
  });

  it('lets the tower lean on conventions and on itself, and a face look into it', () => {
    const root = house({
      conventions: {},
      sdk: {
        manifest: needs('@upshot/conventions'),
        files: { 'src/index.ts': "import '@upshot/conventions';" },
      },
      'sdk-node': { manifest: needs('@upshot/sdk'), files: { 'src/index.ts': "import '@upshot/sdk';" } },
      'sdk-kafkajs': {
        manifest: needs('@upshot/sdk', '@upshot/sdk-node'),
        files: { 'src/index.ts': "import '@upshot/sdk';\nimport '@upshot/sdk-node';" },
      },
      testkit: { manifest: needs('@upshot/sdk'), files: { 'src/index.ts': "import '@upshot/sdk';" } },
    });
    expect(check(root)).toEqual({ status: 0, faults: [] });
  });

  it('finds what is not declared, in shipped code and in tests', () => {
    const root = house({
      server: {
        manifest: { devDependencies: { '@types/ws': '*' } },
        files: {
          'src/index.ts': "import 'fastify/types';\nimport type {} from '@types/ws';",
          'test/it.test.ts': "import 'left-pad';",
        },
      },
    });
    expect(check(root).faults).toEqual([
      'packages/server/src/index.ts: imports fastify, which packages/server/package.json does not declare',
      'packages/server/test/it.test.ts: imports left-pad, which neither its package nor the repository declares',
    ]);
  });

  it("finds a way into another package's folders", () => {
    const root = house({
      model: { files: { 'src/span/Span.ts': 'export {};' } },
      server: {
        manifest: needs('@upshot/model'),
        files: {
          'src/index.ts': "import '@upshot/model/src/span/Span.js';",
          'test/it.test.ts': "import '../../model/src/span/Span.js';",
        },
      },
    });
    expect(check(root).faults).toEqual([
      'packages/server/src/index.ts: imports @upshot/model/src/span/Span.js, which @upshot/model does not export',
      'packages/server/test/it.test.ts: reaches into model by its path: import @upshot/model',
    ]);
  });

  it('finds built-ins, clocks, chance and waiting in pure packages, and only there', () => {
    const impure = [
      "import { readFileSync } from 'fs';",
      'export const now = () => Date.now();',
      'export const today = () => new Date();',
      'export const dice = () => Math.random();',
      'export const args = () => process.argv;',
      'export const wait = async (a: Promise<void>) => { await a; };',
      'export const given = new Date(0);',
    ].join('\n');
    const at = 'packages/causality/src/index.ts:';
    const root = house({
      causality: { files: { 'src/index.ts': impure } },
      server: { files: { 'src/index.ts': impure } },
    });
    expect(check(root).faults).toEqual([
      `${at} imports fs: causality is pure and uses no Node built-in`,
      `${at} uses Date.now: causality is pure, what it needs is handed in`,
      `${at} uses Math.random: causality is pure, what it needs is handed in`,
      `${at} uses await: causality is pure, what it needs is handed in`,
      `${at} uses new Date(): causality is pure, what it needs is handed in`,
      `${at} uses process: causality is pure, what it needs is handed in`,
    ]);
  });

  it('finds names that say nothing and files that are too long, in scripts and tests too', () => {
    const long = 'export const a = 1;\n'.repeat(351);
    const root = house(
      {
        server: {
          files: {
            'src/utils.ts': '',
            'src/common/Thing.ts': '',
            'src/StoreManager.ts': '',
            'src/commonPrefix.ts': '',
            'src/long.ts': long,
            'src/schema.generated.ts': long,
          },
        },
      },
      { 'scripts/string-helpers.mjs': '', 'test/long.test.ts': long },
    );
    expect(check(root).faults).toEqual([
      'packages/server/src/StoreManager.ts: the name StoreManager says nothing: name it after what it holds',
      'packages/server/src/common/Thing.ts: the name common says nothing: name it after what it holds',
      'packages/server/src/long.ts: 351 lines: more than 350, take it apart',
      'packages/server/src/utils.ts: the name utils says nothing: name it after what it holds',
      'scripts/string-helpers.mjs: the name string-helpers says nothing: name it after what it holds',
      'test/long.test.ts: 351 lines: more than 350, take it apart',
    ]);
  });

  it('lets an example lean on the tower and on brokers alone, and a face on an example', () => {
    const example = (text: string) => ({
      'examples/shop/package.json': JSON.stringify({
        name: '@upshot/shop',
        exports: { '.': './dist/index.js' },
        ...needs('@upshot/sdk', '@upshot/brokers', '@upshot/model'),
      }),
      'examples/shop/src/index.ts': text,
    });
    const packages = {
      sdk: {},
      brokers: {},
      model: {},
      cli: { manifest: needs('@upshot/shop'), files: { 'src/index.ts': "import '@upshot/shop';" } },
      server: { manifest: needs('@upshot/shop'), files: { 'src/index.ts': "import '@upshot/shop';" } },
    };
    expect(
      check(house(packages, example("import '@upshot/sdk';\nimport '@upshot/brokers';"))).faults,
    ).toEqual(['packages/server/src/index.ts: server (floor 4) may not import an example (examples/shop)']);
    const { server: _server, ...rest } = packages;
    expect(check(house(rest, example("import '@upshot/model';"))).faults).toEqual([
      'examples/shop/src/index.ts: examples/shop is what users write: it may import the tower and brokers alone, not model',
    ]);
  });

  it('finds a package that stands on no floor', () => {
    const root = house({
      model: {},
      attic: { manifest: needs('@upshot/model'), files: { 'src/index.ts': "import '@upshot/model';" } },
    });
    expect(check(root).faults).toEqual([
      'packages/attic/src/index.ts: package attic stands on no floor: give it one in scripts/house/floors.mjs',
    ]);
  });
});

describe('the linter', () => {
  it('finds cycles within a package, which check-floors leaves to it', () => {
    const root = house(
      {},
      {
        'src/a.ts': "import { b } from './b.js';\n\nexport const a = (): number => b();\n",
        'src/b.ts': "import { a } from './a.js';\n\nexport const b = (): number => a();\n",
      },
    );
    cpSync(join(ROOT, 'biome.json'), join(root, 'biome.json'));
    execFileSync('git', ['init', '-q', root]);
    const biome = join(ROOT, 'node_modules/.bin/biome');
    const run = spawnSync(biome, ['lint', '.'], { cwd: root, encoding: 'utf8' });
    expect(run.stdout + run.stderr).toContain('lint/suspicious/noImportCycles');
    expect(run.status).toBe(1);
  });
});
