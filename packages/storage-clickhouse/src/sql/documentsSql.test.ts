import { expect, it } from 'vitest';
import { documentSql, documentsSql } from './documentsSql.js';

it('reads the text that was written last', () => {
  expect(documentSql("it's")).toBe(
    "SELECT text FROM documents WHERE name = 'it\\x27s' ORDER BY written DESC LIMIT 1",
  );
});

it('reads of each name that begins so the text that was written last', () => {
  expect(documentsSql('noter/')).toBe(
    "SELECT name, argMax(text, written) AS newest FROM documents WHERE startsWith(name, 'noter/') GROUP BY name",
  );
});
