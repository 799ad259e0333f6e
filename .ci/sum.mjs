/**
 * Adds up Vitest's JSON reports into the closing lines: each test that failed, by name and with its error, each that failed once and
 * passed when its file ran again and all of that run passed (unsteady), then `N passed, N failed`. An argument is a run: a report, or
 * `FIRST:AGAIN`, where AGAIN reports the second run of the files that failed in FIRST, if there was one. A report that is missing, a file that did not
 * load and an error outside of any test count as one failure each. Exit 1 on any failure.
 */
import { failuresOf, passedIn, readReport } from './report.mjs';

let passed = 0;
let failed = 0;
for (const run of process.argv.slice(2)) {
  const [file, againFile] = run.split(':');
  const report = readReport(file);
  if (!report) {
    console.log(`no report: ${file}`);
    failed++;
    continue;
  }
  const failures = failuresOf(report);
  const again = failures.length > 0 ? readReport(againFile) : null;
  const healed = again?.success ? passedIn(again) : new Set();
  for (const { name, message, isTest } of failures) {
    const isUnsteady = healed.has(name);
    console.log(`${isUnsteady ? 'unsteady, passed when it ran again' : 'failed'}: ${name}\n${message}`);
    if (!isUnsteady) failed++;
    else if (isTest) passed++;
  }
  passed += report.numPassedTests;
  if (!report.success && failures.length === 0) {
    console.log(`an error outside of any test: ${file}`);
    failed++;
  }
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) console.log(`${skipped} skipped in ${file}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
