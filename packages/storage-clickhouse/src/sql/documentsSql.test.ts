import { expect, it } from 'vitest';
import { documentSql } from './documentsSql.js';

it('reads the text that was written last', () => {
  expect(documentSql("it's")).toBe(
    "SELECT text FROM documents WHERE name = 'it\\x27s' ORDER BY written DESC LIMIT 1",
  );
});
