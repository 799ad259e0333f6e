import { documentsSql } from './documentsSql.js';
import { stringLiteral, uint64Literal } from './literals.js';

/** What documents are called in which processes say what they write. */
export const WRITER_PREFIX = 'writer/';

const WRITERS = `startsWith(name, ${stringLiteral(WRITER_PREFIX)})`;

/** What each process that writes has said last. */
export const WRITERS_SQL = documentsSql(WRITER_PREFIX);

/** Deletes what processes said before this stamp. */
export function forgetWritersSql(before: bigint): string {
  return `ALTER TABLE documents DELETE WHERE ${WRITERS} AND written < ${uint64Literal(before)}`;
}
