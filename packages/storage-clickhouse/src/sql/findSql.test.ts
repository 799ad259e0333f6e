import { KeyKind, keyOf, keyText, linkId } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { findLogsSql, findRecordsSql, findSpansSql } from './findSql.js';
import { MAX_QUERY_BYTES } from './settings.js';

const TRACE = '00112233445566778899aabbccddeeff';
const SPAN = '0123456789abcdef';
const COLUMNS =
  'trace_id, span_id, parent_span_id, start, duration, kind, status, entry, name, service, source, tail, keys';
const TRACE_BYTES = "'\\x00\\x11\\x22\\x33\\x44\\x55\\x66\\x77\\x88\\x99\\xaa\\xbb\\xcc\\xdd\\xee\\xff'";
const SPAN_BYTES = "'\\x01\\x23\\x45\\x67\\x89\\xab\\xcd\\xef'";
const key = (kind: keyof typeof KeyKind, id: string) => keyText(keyOf(KeyKind[kind], id));

describe('SQL of a look-up', () => {
  it('tries all kinds of key in one query', () => {
    expect(
      findSpansSql({
        traceIds: [TRACE],
        spanIds: [SPAN],
        within: [{ traceId: TRACE, spanIds: [SPAN] }],
        eventIds: ['e1', 'e1'],
        correlationIds: ['order_441'],
        causationIds: ['e0'],
        linksTo: [{ traceId: TRACE, spanId: SPAN }],
        limit: 20,
      }),
    ).toEqual([
      `SELECT ${COLUMNS} FROM spans WHERE trace_id IN (${TRACE_BYTES}) OR span_id IN (${SPAN_BYTES})` +
        ` OR (indexHint(hasAny(keys, CAST([${keys()}], 'Array(UInt64)'))) AND arrayExists(key -> key IN (${keys()}), keys))` +
        ` OR (trace_id = ${TRACE_BYTES} AND (span_id IN (${SPAN_BYTES}) OR parent_span_id IN (${SPAN_BYTES})))` +
        ' ORDER BY start DESC LIMIT 21',
    ]);
    function keys(): string {
      return [
        key('event', 'e1'),
        key('correlation', 'order_441'),
        key('causation', 'e0'),
        key('link', linkId(TRACE, SPAN)),
      ].join(', ');
    }
  });

  it('finds log records as spans, and beside spans those that tell of exceptions', () => {
    const lookup = { traceIds: [TRACE], spanIds: [SPAN], limit: 1 };
    const where = `trace_id IN (${TRACE_BYTES}) OR span_id IN (${SPAN_BYTES})`;
    expect(findLogsSql({ ...lookup, among: 'logs' })).toEqual([
      `SELECT ${COLUMNS} FROM logs WHERE ${where} ORDER BY start DESC LIMIT 2`,
    ]);
    expect(findLogsSql(lookup)).toEqual([
      `SELECT ${COLUMNS} FROM logs WHERE kind = 1 AND (${where}) ORDER BY start DESC LIMIT 2`,
    ]);
  });

  it('finds records by their keys alone, trace and span IDs included', () => {
    const keys = [key('event', 'e1'), key('trace', 'tr_501'), key('span', 'span_31')].join(', ');
    expect(
      findRecordsSql({ eventIds: ['e1'], traceIds: ['tr_501'], spanIds: ['span_31'], limit: 1 }),
    ).toEqual([
      `SELECT time, identity, keys, body FROM records WHERE (indexHint(hasAny(keys, CAST([${keys}], 'Array(UInt64)'))) AND arrayExists(key -> key IN (${keys}), keys)) ORDER BY time DESC LIMIT 2`,
    ]);
  });

  it('rules out what started before, by the bucket of the primary key and never by the day', () => {
    const lookup = { traceIds: [TRACE], eventIds: ['e1'], since: 25_000_000_000n, limit: 1 };
    const [spans] = findSpansSql({ ...lookup, eventIds: [] });
    expect(spans).toContain(
      `WHERE intDiv(start, 10000000000) >= toUInt64(2) AND (trace_id IN (${TRACE_BYTES})) ORDER`,
    );
    expect(findRecordsSql(lookup)[0]).toContain('WHERE time >= toUInt64(25000000000) AND (');
    expect(findSpansSql({ ...lookup, since: 2n ** 70n })[0]).toContain('>= toUInt64(1844674407) AND');
    expect(findSpansSql({ ...lookup, since: 0n })[0]).not.toContain('intDiv(start, 10000000000) >=');
  });

  it('rules out what started after the newest that is wanted', () => {
    const lookup = {
      spanIds: [SPAN],
      eventIds: ['e1'],
      since: 30_000_000_000n,
      until: 40_000_000_001n,
      limit: 1,
    };
    expect(findSpansSql(lookup)[0]).toContain(
      'WHERE intDiv(start, 10000000000) >= toUInt64(3) AND start <= toUInt64(40000000001) AND (',
    );
    expect(findRecordsSql(lookup)[0]).toContain(
      'WHERE time >= toUInt64(30000000000) AND time <= toUInt64(40000000001) AND (',
    );
  });

  it('leaves out what whoever asks has, and asks no index for that', () => {
    const except = { traceIds: [TRACE, 'tr_501'], correlationIds: ['order_441'] };
    const [correlation, trace] = [key('correlation', 'order_441'), key('trace', TRACE)];
    expect(findSpansSql({ spanIds: [SPAN], except, limit: 1 })).toEqual([
      `SELECT ${COLUMNS} FROM spans WHERE trace_id NOT IN (${TRACE_BYTES})` +
        ` AND NOT arrayExists(key -> key IN (${correlation}), keys)` +
        ` AND (span_id IN (${SPAN_BYTES})) ORDER BY start DESC LIMIT 2`,
    ]);
    expect(findRecordsSql({ eventIds: ['e1'], since: 5n, except, limit: 1 })[0]).toContain(
      `WHERE time >= toUInt64(5) AND NOT arrayExists(key -> key IN (${correlation}, ${trace}, ${key('trace', 'tr_501')}), keys) AND ((indexHint`,
    );
    const nothing = { traceIds: [], correlationIds: [] };
    expect(findSpansSql({ spanIds: [SPAN], except: nothing, limit: 1 })[0]).toContain('WHERE span_id IN');
  });

  it('asks nothing where nothing can be found', () => {
    expect(findSpansSql({ traceIds: ['tr_501', ''], spanIds: ['x'], eventIds: [], limit: 1 })).toEqual([]);
    expect(
      findSpansSql({
        within: [
          { traceId: 'tr_501', spanIds: [SPAN] },
          { traceId: TRACE, spanIds: [] },
        ],
        limit: 1,
      }),
    ).toEqual([]);
    expect(findRecordsSql({ limit: 1 })).toEqual([]);
  });

  it('holds no text of a sender', () => {
    const text = "x' OR 1=1 --";
    const statements = [
      ...findSpansSql({
        eventIds: [text],
        correlationIds: [text],
        causationIds: [text],
        traceIds: [text],
        spanIds: [text],
        limit: 1,
      }),
      ...findRecordsSql({
        eventIds: [text],
        traceIds: [text],
        spanIds: [text],
        linksTo: [{ traceId: text, spanId: text }],
        limit: 1,
      }),
    ];
    expect(statements.length).toBe(2);
    for (const statement of statements) expect(statement).not.toContain('OR 1=1');
  });

  it('is split where a statement would be too long', () => {
    const hex = (n: number) => n.toString(16).padStart(16, '0');
    const ids = Array.from({ length: 20_000 }, (_, n) => hex(n));
    const statements = findSpansSql({
      traceIds: ids.map((id) => id + id),
      spanIds: ids,
      eventIds: ids,
      within: [{ traceId: TRACE, spanIds: ids }],
      limit: 100,
    });
    expect(statements.length).toBeGreaterThan(1);
    for (const statement of statements) expect(statement.length).toBeLessThan(MAX_QUERY_BYTES / 2);
    const all = statements.join('\n');
    for (const id of [ids[0]!, ids[19_999]!]) {
      const bytes = id.replaceAll(/../g, '\\x$&');
      expect(all.split(`'${bytes}'`).length - 1).toBe(3);
      expect(all.split(`'${bytes}${bytes}'`).length - 1).toBe(1);
      // So many are looked for without asking the bloom filter for each of them.
      expect(all.split(key('event', id)).length - 1).toBe(1);
    }
  });

  it('refuses a limit that is none', () => {
    expect(() => findSpansSql({ spanIds: [SPAN], limit: Number.NaN })).toThrow(RangeError);
    expect(() => findSpansSql({ spanIds: [SPAN], limit: -5 })).toThrow(RangeError);
  });
});
