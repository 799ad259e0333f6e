import { stringLiteral } from './literals.js';

/** The text written last under this name. */
export function documentSql(name: string): string {
  return `SELECT text FROM documents WHERE name = ${stringLiteral(name)} ORDER BY written DESC LIMIT 1`;
}
