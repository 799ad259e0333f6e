import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** Names that a page leaves to its reader (`pool`, `order`), and libraries that are none of ours. */
const LEFT_OPEN = /error TS(?:2304|2552|2582|2591|18004|7006|7031)|Cannot find module '(?!@upshot\/)/;

function pages(): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '-co', '--exclude-standard', 'README.md', 'docs/*.md', 'packages/*/README.md'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  return listed.split('\n').filter((page) => page.endsWith('.md') && !page.startsWith('docs/decisions/'));
}

/** The samples of a page in TypeScript, each as a module, with the line that it begins at. */
function samplesOf(page: string): { line: number; code: string }[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length + 1,
    code: asModule(match[1]!),
  }));
}

function asModule(sample: string): string {
  // What is left out has whatever type fits: `{ … }` is nothing, any other `…` a value.
  const whole = sample
    .replaceAll(/\{ … \}/g, '{} as any')
    .replaceAll(/=> \{\} as any/g, '=> {}')
    .replaceAll(/(?<=[(\s,])…(?=[),\]\s])/g, '(undefined as any)');
  const first = whole.replaceAll(/^(?:import .*|\s*|\/\/.*)\n/gm, '');
  const rest = whole.slice(0, whole.length - first.length);
  if (first.startsWith('catch ')) return `${rest}try {} ${first}export {};\n`;
  // Members of an object that stands in the text around it.
  if (/^\w+: /.test(first)) return `${rest}void ({\n${first}} as any);\nexport {};\n`;
  return `${whole}\nexport {};\n`;
}

// What a page says of the API must be what there is: names, options, arguments.
it('the samples in the documentation compile', () => {
  const folder = mkdtempSync(join(ROOT, 'node_modules/.upshot-samples-'));
  try {
    const lines = new Map<string, string>();
    for (const page of pages()) {
      for (const { line, code } of samplesOf(page)) {
        const file = `${page.replaceAll(/[/.]/g, '_')}_${line}.ts`;
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, file), code);
        lines.set(file, `${page}:${line}`);
      }
    }
    expect(lines.size).toBeGreaterThan(20);
    const config = {
      compilerOptions: {
        strict: true,
        noImplicitAny: false,
        noEmit: true,
        module: 'nodenext',
        target: 'es2023',
        skipLibCheck: true,
        types: ['node'],
      },
      include: ['*.ts'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const faults = compile(folder).filter((fault) => !LEFT_OPEN.test(fault));
    expect(
      faults.map((fault) => fault.replace(/^.*?([\w-]+\.ts)/, (_, file) => lines.get(file) ?? file)),
    ).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);

function compile(folder: string): string[] {
  try {
    execFileSync(
      process.execPath,
      [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'],
      {
        encoding: 'utf8',
      },
    );
    return [];
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    return (stdout ?? String(error)).split('\n').filter((line) => /error TS/.test(line));
  }
}
