import { MIGRATIONS } from '../../src/schema/migrations.js';
import { VERSION_2 } from './version2.js';

/** The tables of schema version 3, as those of version 2 came to be them: notes do not say by which texts and attributes they are found. */
export const VERSION_3 = [
  ...VERSION_2,
  ...MIGRATIONS[2]!,
  'INSERT INTO schema_versions (version) VALUES (3)',
];

/** 600 notes of workflows that began in 2023, so that there are several granules. */
export function fillVersion3(): string[] {
  const base = 1_700_000_000_000_000_000n;
  const notes = Array.from(
    { length: 600 },
    (_, n) =>
      `(toDate(19675), ${base + BigInt(n)}, unhex('${n.toString(16).padStart(16, '0')}'), 1, 0, 'order_${n}', 'completed', 18446744073709551615, '[]', [], '{}', '{}')`,
  );
  return [`INSERT INTO roll_ups VALUES ${notes.join(', ')}`];
}
