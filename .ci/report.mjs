import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const LONGEST_MESSAGE = 1500;

/**
 * @typedef {{ status: string, fullName?: string, failureMessages?: string[] }} Assertion
 * @typedef {{ success: boolean, numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { name?: string, message?: string, status: string, assertionResults: Assertion[] }[] }} Report Vitest's JSON report.
 * @typedef {{ file: string, name: string, message: string, isTest: boolean }} Failure A test, or a file that did not load.
 */

/**
 * @param {string | undefined} file
 * @returns {Report | null} Null where there is none, or none that can be read.
 */
export function readReport(file) {
  try {
    return JSON.parse(readFileSync(file ?? '', 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {Report} report
 * @returns {Failure[]}
 */
export function failuresOf(report) {
  /** @type {Failure[]} */
  const failures = [];
  for (const { name = '', message = '', status, assertionResults } of report.testResults) {
    const file = relative(process.cwd(), name);
    const tests = assertionResults.filter((test) => test.status === 'failed');
    for (const test of tests) {
      const text = cut((test.failureMessages ?? []).join('\n'));
      failures.push({ file, name: nameOf(file, test), message: text, isTest: true });
    }
    // A test that was to be left out is `skipped`; one that waits still, when all is over, lost its process.
    const unrun = assertionResults.filter((test) => test.status === 'pending');
    for (const test of unrun) {
      failures.push({ file, name: nameOf(file, test), message: 'It did not run.', isTest: true });
    }
    if (status === 'failed' && tests.length + unrun.length === 0) {
      failures.push({ file, name: file, message: cut(message), isTest: false });
    }
  }
  return failures;
}

/**
 * @param {Report} report
 * @returns {Set<string>} The tests that passed and the files that did, named as failures are.
 */
export function passedIn(report) {
  const names = new Set();
  for (const { name = '', status, assertionResults } of report.testResults) {
    const file = relative(process.cwd(), name);
    if (status === 'passed') names.add(file);
    for (const test of assertionResults) if (test.status === 'passed') names.add(nameOf(file, test));
  }
  return names;
}

/**
 * @param {string} file
 * @param {Assertion} test
 */
function nameOf(file, test) {
  return `${file} > ${test.fullName ?? ''}`;
}

/** @param {string} message */
function cut(message) {
  return message.slice(0, LONGEST_MESSAGE);
}
