import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const SUM = resolve(import.meta.dirname, '../../.ci/sum.mjs');
const folder = mkdtempSync(join(tmpdir(), 'upshot-sum-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function report(passed: number, failed: number, more: object = {}): string {
  const file = join(folder, `${count++}.json`);
  const counts = { numPassedTests: passed, numFailedTests: failed, numPendingTests: 0, numTodoTests: 0 };
  writeFileSync(file, JSON.stringify({ success: failed === 0, ...counts, testResults: [], ...more }));
  return file;
}

function sum(...files: string[]): { last: string | undefined; status: number | null; text: string } {
  const run = spawnSync(process.execPath, [SUM, ...files], { encoding: 'utf8' });
  return { last: run.stdout.trimEnd().split('\n').at(-1), status: run.status, text: run.stdout };
}

/** A report on one file, with its tests by name and outcome. */
function reportOn(tests: Record<string, 'passed' | 'failed'>, more: object = {}): string {
  const outcomes = Object.values(tests);
  const failed = outcomes.filter((status) => status === 'failed').length;
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({
    status,
    fullName,
    failureMessages: status === 'failed' ? ['Error: late'] : [],
  }));
  const file = {
    name: resolve('some.test.ts'),
    status: failed === 0 ? 'passed' : 'failed',
    assertionResults,
  };
  return report(outcomes.length - failed, failed, { testResults: [file], ...more });
}

describe('the closing lines of CI', () => {
  it('add up the runs', () => {
    expect(sum(report(40, 0), report(38, 0))).toMatchObject({ last: '78 passed, 0 failed', status: 0 });
    const two = reportOn({ a: 'passed', b: 'failed', c: 'failed' });
    expect(sum(report(40, 0), two)).toMatchObject({ last: '41 passed, 2 failed', status: 1 });
  });

  it('count a run without a report, a file that did not load, and an error outside of any test', () => {
    const failed = { last: '40 passed, 1 failed', status: 1 };
    expect(sum(report(40, 0), join(folder, 'missing.json'))).toMatchObject(failed);
    const unloaded = { success: false, testResults: [{ status: 'failed', assertionResults: [] }] };
    expect(sum(report(40, 0, unloaded))).toMatchObject(failed);
    expect(sum(report(40, 0, { success: false }))).toMatchObject(failed);
  });

  it('name what failed, with its error', () => {
    expect(sum(reportOn({ a: 'failed', b: 'passed' })).text).toBe(
      'failed: some.test.ts > a\nError: late\n1 passed, 1 failed\n',
    );
  });

  it('name as unsteady what passed when its file ran again', () => {
    const first = reportOn({ a: 'failed', b: 'passed' });
    const again = sum(`${first}:${reportOn({ a: 'passed', b: 'passed' })}`);
    expect(again).toMatchObject({ last: '2 passed, 0 failed', status: 0 });
    expect(again.text).toContain('unsteady, passed when it ran again: some.test.ts > a\nError: late\n');
  });

  it('fail where the second run fails, is missing, has another error, or left the test out', () => {
    const first = reportOn({ a: 'failed', b: 'passed' });
    const failed = { last: '1 passed, 1 failed', status: 1 };
    for (const again of [
      reportOn({ a: 'failed', b: 'passed' }),
      reportOn({ a: 'passed', b: 'failed' }),
      join(folder, 'missing.json'),
      reportOn({ a: 'passed', b: 'passed' }, { success: false }),
      reportOn({ b: 'passed' }),
    ]) {
      expect(sum(`${first}:${again}`)).toMatchObject(failed);
    }
  });
});
