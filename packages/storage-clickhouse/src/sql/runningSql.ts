import { stringLiteral } from './literals.js';

/** How many statements run whose ID begins so, and what they set off on other nodes. Not this one. */
export function runningSql(idPrefix: string): string {
  return `SELECT count() AS total FROM system.processes WHERE startsWith(initial_query_id, ${stringLiteral(idPrefix)}) AND initial_query_id != initialQueryID()`;
}
