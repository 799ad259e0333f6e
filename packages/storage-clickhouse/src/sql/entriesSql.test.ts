import { expect, it } from 'vitest';
import { entryRecordsSql, entrySpansSql, rootedTracesSql } from './entriesSql.js';
import { hexLiteral } from './literals.js';

it('reads entries in the order of the primary key', () => {
  expect(entrySpansSql({ limit: 50 }, 1)).toBe(
    'SELECT start, trace_id, span_id FROM spans WHERE entry = 1 ORDER BY intDiv(start, 10000000000) DESC, start DESC, trace_id, span_id LIMIT 50',
  );
  expect(entryRecordsSql({ limit: 50 })).toBe(
    'SELECT time, body FROM records WHERE 1 ORDER BY time DESC, identity LIMIT 50',
  );
});

it('bounds them in time', () => {
  const query = { before: 2n ** 64n - 1n, since: 0n, limit: 1 };
  const bounds = (column: string) =>
    `AND ${column} < toUInt64(18446744073709551615) AND ${column} >= toUInt64(0)`;
  expect(entrySpansSql(query, 1)).toContain(`entry = 1 ${bounds('start')} ORDER`);
  expect(entryRecordsSql(query)).toContain(`WHERE 1 ${bounds('time')} ORDER`);
});

it('asks which traces begin in the store by their IDs alone', () => {
  expect(entrySpansSql({ limit: 5 }, 2)).toContain('WHERE entry = 2 ORDER');
  expect(rootedTracesSql(['61'.repeat(16), '62'.repeat(16)])).toBe(
    `SELECT DISTINCT trace_id FROM spans WHERE trace_id IN (${hexLiteral('61'.repeat(16), 16)}, ${hexLiteral('62'.repeat(16), 16)}) AND entry = 1`,
  );
});
