import { expect, it } from 'vitest';
import { entryRecordsSql, entrySpansSql, rootedTracesSql } from './entriesSql.js';
import { hexLiteral } from './literals.js';

const ALWAYS = { before: 2n ** 64n, since: 0n };

it('reads entries in the order of the primary key', () => {
  expect(entrySpansSql({ ...ALWAYS, limit: 50 }, 1)).toBe(
    'SELECT start, trace_id, span_id FROM spans WHERE entry = 1 ORDER BY intDiv(start, 10000000000) DESC, start DESC, trace_id, span_id LIMIT 50',
  );
  expect(entryRecordsSql({ ...ALWAYS, limit: 50 })).toBe(
    'SELECT time, body FROM records WHERE 1 ORDER BY time DESC, identity LIMIT 50',
  );
});

it('bounds them in time', () => {
  const window = { before: 2n ** 64n - 1n, since: 1n, limit: 1 };
  const bounds = (column: string) =>
    `AND ${column} < toUInt64(18446744073709551615) AND ${column} >= toUInt64(1)`;
  expect(entrySpansSql(window, 2)).toContain(`entry = 2 ${bounds('start')} ORDER`);
  expect(entryRecordsSql(window)).toContain(`WHERE 1 ${bounds('time')} ORDER`);
});

it('asks which traces begin in the store by their IDs, anywhere or near', () => {
  const [a, b] = ['61'.repeat(16), '62'.repeat(16)] as const;
  const anywhere = `SELECT DISTINCT trace_id FROM spans WHERE trace_id IN (${hexLiteral(a, 16)}, ${hexLiteral(b, 16)}) AND entry = 1`;
  expect(rootedTracesSql([a, b], 0n)).toBe(anywhere);
  expect(rootedTracesSql([a, b], 7n)).toBe(`${anywhere} AND start >= toUInt64(7)`);
});
