/**
 * Holds the house: imports strictly down, declared and never into another package's folders; pure packages pure; no file too long
 * or named after nothing. One line per fault, exit 1 on any. `node scripts/check-floors.mjs [root]`.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faults } from './house/faults.mjs';

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
const found = faults(root);
for (const fault of found) console.error(fault);
if (found.length > 0) {
  console.error(`${found.length} ${found.length === 1 ? 'fault' : 'faults'} in the house`);
  process.exitCode = 1;
}
