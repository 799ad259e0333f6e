/**
 * Prints the files of a Vitest JSON report (the argument) that failed, a line each. Prints nothing where more than a few did: that is
 * no unsteady test, and running it again would only take time.
 */
import { failuresOf, readReport } from './report.mjs';

const MOST_UNSTEADY_FILES = 4;

const report = readReport(process.argv[2]);
const files = new Set(report ? failuresOf(report).map(({ file }) => file) : []);
if (files.size <= MOST_UNSTEADY_FILES) for (const file of files) console.log(file);
