import { stringLiteral } from './literals.js';

/** The text written last under each name that begins so. */
export function documentsSql(prefix: string): string {
  return `SELECT name, argMax(text, written) AS newest FROM documents WHERE startsWith(name, ${stringLiteral(prefix)}) GROUP BY name`;
}

/** The text written last under this name. */
export function documentSql(name: string): string {
  return `SELECT text FROM documents WHERE name = ${stringLiteral(name)} ORDER BY written DESC LIMIT 1`;
}
