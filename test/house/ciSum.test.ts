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

function sum(...files: string[]): { last: string | undefined; status: number | null } {
  const run = spawnSync(process.execPath, [SUM, ...files], { encoding: 'utf8' });
  return { last: run.stdout.trimEnd().split('\n').at(-1), status: run.status };
}

describe('the closing line of CI', () => {
  it('adds up the runs', () => {
    expect(sum(report(40, 0), report(38, 0))).toEqual({ last: '78 passed, 0 failed', status: 0 });
    expect(sum(report(40, 0), report(38, 2))).toEqual({ last: '78 passed, 2 failed', status: 1 });
  });

  it('counts a run without a report, a file that did not load, and an error outside of any test', () => {
    expect(sum(report(40, 0), join(folder, 'missing.json'))).toEqual({
      last: '40 passed, 1 failed',
      status: 1,
    });
    const unloaded = { success: false, testResults: [{ status: 'failed', assertionResults: [] }] };
    expect(sum(report(40, 0, unloaded))).toEqual({ last: '40 passed, 1 failed', status: 1 });
    expect(sum(report(40, 0, { success: false }))).toEqual({ last: '40 passed, 1 failed', status: 1 });
  });

  it('counts a failed test once, also where its file is listed as failed', () => {
    const testResults = [
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
    ];
    expect(sum(report(1, 1, { testResults }))).toEqual({ last: '1 passed, 1 failed', status: 1 });
  });
});
