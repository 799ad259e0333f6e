import { KeyKind, keyOf, keyText } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import {
  isSelective,
  rollUpCountsSql,
  rollUpPlacesSql,
  rollUpsAtSql,
  rollUpsWithinSql,
} from './rollUpsSql.js';

const RANGE = { since: 1n, until: 9n, behind: null };
const WITHIN = 'time >= toUInt64(1) AND time <= toUInt64(9)';
const COLUMNS = 'time, id, version, gone, key, status, changes_at, facets, content, lesson';
const LATEST = 'ORDER BY time DESC, id DESC, version DESC LIMIT 1 BY time, id';
const ID = "'\\x01\\x23\\x45\\x67\\x89\\xab\\xcd\\xef'";

describe('SQL of notes', () => {
  it('reads all of a range in the order of the key, the latest version of each place', () => {
    expect(rollUpsWithinSql(RANGE, 50)).toBe(
      `SELECT ${COLUMNS} FROM roll_ups WHERE ${WITHIN} ${LATEST} LIMIT 50`,
    );
  });

  it('goes on behind a place', () => {
    const behind = { timeUnixNano: 8n, id: '0123456789abcdef' };
    expect(rollUpsWithinSql({ ...RANGE, behind }, 50)).toContain(
      `WHERE ${WITHIN} AND (time < toUInt64(8) OR (time = toUInt64(8) AND id < ${ID})) ORDER`,
    );
  });

  it('looks for places of which any version matches, and asks whether the latest does', () => {
    const key = keyText(keyOf(KeyKind.facet, 'event:a'));
    const asked = `hasAll(facet_keys, CAST([${key}], 'Array(UInt64)')) AND (status IN ('failed', 'stuck') OR changes_at <= toUInt64(7)) AND version > toUInt64(3)`;
    const query = {
      facets: ['event:a', 'event:a'],
      statuses: { any: ['failed', 'stuck'] as const, nowUnixNano: 7n },
      newerThan: 3n,
      limit: 5,
    };
    expect(rollUpPlacesSql(query, RANGE, 50)).toBe(
      `SELECT time, id FROM roll_ups WHERE ${WITHIN} AND (time, id) IN (SELECT time, id FROM roll_ups WHERE ${WITHIN} AND ${asked}) GROUP BY time, id HAVING argMax(gone = 0 AND ${asked}, version) ORDER BY time DESC, id DESC LIMIT 50`,
    );
    expect(rollUpPlacesSql({ ...query, gone: true }, RANGE, 50)).toContain(
      `HAVING argMax(${asked}, version)`,
    );
  });

  it('leaves older versions out while reading where no facet is asked for', () => {
    expect(rollUpPlacesSql({ newerThan: 3n, limit: 5 }, RANGE, 50)).toBe(
      `SELECT time, id FROM roll_ups FINAL WHERE ${WITHIN} AND gone = 0 AND version > toUInt64(3) ORDER BY time DESC, id DESC LIMIT 50`,
    );
  });

  it('looks for moments by the key', () => {
    expect(rollUpPlacesSql({ times: [3n, 5n], limit: 5 }, RANGE, 50)).toBe(
      `SELECT time, id FROM roll_ups FINAL WHERE ${WITHIN} AND gone = 0 AND time IN (toUInt64(3), toUInt64(5)) ORDER BY time DESC, id DESC LIMIT 50`,
    );
    expect(rollUpPlacesSql({ times: [], limit: 5 }, RANGE, 50)).toContain('AND time IN (NULL) ORDER');
  });

  it('looks for attributes and texts where they are not known too, and counts only what is known', () => {
    const query = { attributes: [7, 7, 9], text: '50 % of_a\\b' };
    const has = "hasAll(attributes, CAST([7, 9], 'Array(UInt32)'))";
    const holds = "texts LIKE '%50 \\x5c% of\\x5c_a\\x5c\\x5cb%'";
    const unknown = ['has(attributes, 0)', "texts = '\\x00\\x00\\x00\\x00'"];
    const asked = `(${has} OR ${unknown[0]}) AND (${holds} OR ${unknown[1]})`;
    expect(rollUpPlacesSql({ ...query, limit: 5 }, RANGE, 50)).toBe(
      `SELECT time, id FROM roll_ups WHERE ${WITHIN} AND (time, id) IN (SELECT time, id FROM roll_ups WHERE ${WITHIN} AND ${asked}) GROUP BY time, id HAVING argMax(gone = 0 AND ${asked}, version) ORDER BY time DESC, id DESC LIMIT 50`,
    );
    expect(rollUpPlacesSql({ ...query, unsure: true, limit: 5 }, RANGE, 50)).toContain(
      `AND ${asked} AND (${unknown.join(' OR ')})) GROUP`,
    );
    const counts = { since: 1n, until: 9n, width: 1n, nowUnixNano: 3n };
    expect(rollUpCountsSql({ ...counts, ...query })).toContain(
      `WHERE time >= toUInt64(1) AND time < toUInt64(9) AND gone = 0 AND ${has} AND ${holds} GROUP`,
    );
  });

  it('is looked for in two steps only where few may match', () => {
    expect(isSelective({ limit: 1, since: 1n, gone: true, facets: [] })).toBe(false);
    expect(isSelective({ limit: 1, newerThan: 1n })).toBe(true);
    expect(isSelective({ limit: 1, statuses: { any: [], nowUnixNano: 1n } })).toBe(true);
  });

  it('reads notes by times and IDs', () => {
    const places = [
      { timeUnixNano: 8n, id: '0123456789abcdef' },
      { timeUnixNano: 8n, id: '6161616161616161' },
    ];
    expect(rollUpsAtSql(places)).toBe(
      `SELECT ${COLUMNS} FROM roll_ups WHERE time IN (toUInt64(8)) AND id IN (${ID}, '${'\\x61'.repeat(8)}') ${LATEST}`,
    );
  });

  it('fits a statement with as many places as are read at once', () => {
    const places = Array.from({ length: 2000 }, (_, n) => ({
      timeUnixNano: 2n ** 64n - 1n - BigInt(n),
      id: '0123456789abcdef',
    }));
    expect(rollUpsAtSql(places).length).toBeLessThan(250_000);
  });

  it('holds no text of a sender', () => {
    const facets = ["x' OR 1=1 --"];
    expect(rollUpPlacesSql({ facets, limit: 1 }, RANGE, 1)).not.toContain('OR 1=1');
  });
});
