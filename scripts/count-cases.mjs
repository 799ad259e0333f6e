/** `npm run cases`: counts recorded and transcribed cases into cases/README.md, and says what is wrong with their form. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withCounts } from './house/countCases.mjs';
import { readCases } from './house/readCases.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = fileURLToPath(new URL('../cases/README.md', import.meta.url));
writeFileSync(page, withCounts(root, readFileSync(page, 'utf8')));
for (const { name, faults } of readCases(root)) {
  for (const fault of faults) {
    console.error(`cases/${name}: ${fault}`);
    process.exitCode = 1;
  }
}
