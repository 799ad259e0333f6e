import { expect, it } from 'vitest';
import {
  anyArrivedSql,
  arrivedRecordsSql,
  arrivedSpansSql,
  newestStampSql,
  stampOfRowSql,
} from './arrivalsSql.js';

const RANGE = { after: 3n, until: 9n };
const WITHIN = 'received <= toUInt64(9) AND received > toUInt64(3)';

it('reads what arrived by stamp, and never half of a write', () => {
  expect(arrivedSpansSql(RANGE, 5)).toBe(
    `SELECT received, trace_id, count() AS row_count FROM spans WHERE ${WITHIN} GROUP BY received, trace_id ORDER BY received LIMIT 5 WITH TIES`,
  );
  expect(arrivedRecordsSql(RANGE, 5)).toBe(
    `SELECT received, body FROM records WHERE ${WITHIN} ORDER BY received LIMIT 5 WITH TIES`,
  );
});

it('begins with rows of stamp 0 where there is no mark', () => {
  expect(arrivedRecordsSql({ after: null, until: 9n }, 5)).toContain(
    'WHERE received <= toUInt64(9) ORDER BY',
  );
  expect(arrivedRecordsSql({ after: 0n, until: 9n }, 5)).toContain('AND received > toUInt64(0)');
});

it('looks how far so many rows reach, and whether any are left', () => {
  expect(stampOfRowSql('spans', RANGE, 8)).toBe(
    `SELECT received FROM spans WHERE ${WITHIN} ORDER BY received LIMIT 7, 1`,
  );
  expect(anyArrivedSql('records', RANGE)).toBe(`SELECT received FROM records WHERE ${WITHIN} LIMIT 1`);
});

it('looks for later stamps alone, which the index knows', () => {
  const newest = (table: string, column: string) =>
    `SELECT max(${column}) AS newest FROM ${table} WHERE ${column} > toUInt64(7)`;
  expect(newestStampSql(7n)).toBe(
    `SELECT max(newest) AS newest FROM (${newest('spans', 'received')} UNION ALL ${newest('records', 'received')} UNION ALL ${newest('logs', 'received')} UNION ALL ${newest('documents', 'written')})`,
  );
});
