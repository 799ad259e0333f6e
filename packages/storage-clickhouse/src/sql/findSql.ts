import { type KeyHalves, keyText, LogKind, type Lookup } from '@upshot/model';
import {
  keysLeftOutOfRecords,
  keysLeftOutOfSpans,
  keysOfRecordLookup,
  keysOfSpanLookup,
} from '@upshot/storage';
import { RECORD_COLUMNS } from '../schema/recordsTable.js';
import { BUCKET_NANOS, SPAN_COLUMNS } from '../schema/spansTable.js';
import { countLiteral, hexLiteral, isHex, uint64Literal } from './literals.js';

const UINT64_MAX = (1n << 64n) - 1n;

/**
 * Conditions beyond this many characters become a further query. Less than half of what a statement may have (`MAX_QUERY_BYTES`), for shards get IDs in a longer
 * spelling. A statement of so many keys reads all keys there are, so a large look-up is cheaper in few of them: 200,000 keys among those of a million spans take 1.0 s in
 * one, and 2.5 s in 25.
 */
const CONDITION_CHARACTERS = 1_800_000;

/**
 * Keys of one statement from which on the bloom filter is not asked: at one in 10,000 that it lets through by mistake, so many let most granules through, and asking
 * it for each costs more than it spares.
 */
const UNHINTED_KEYS = 5_000;

/**
 * Queries that together find all spans of a look-up, each newest first and with one row more than the limit, so that a cut shows. `keys`: those of the look-up,
 * where the caller has them.
 */
export function findSpansSql(lookup: Lookup, keys = keysOfSpanLookup(lookup)): string[] {
  return findRowsSql(lookup, 'spans', '', keys);
}

/** The same for log records: those that tell of exceptions, or, where logs are looked among, all. */
export function findLogsSql(lookup: Lookup): string[] {
  const only = lookup.among === 'logs' ? '' : `kind = ${LogKind.exception} AND `;
  return findRowsSql(lookup, 'logs', only, keysOfSpanLookup(lookup));
}

function findRowsSql(
  lookup: Lookup,
  table: 'spans' | 'logs',
  only: string,
  keys: readonly KeyHalves[],
): string[] {
  const limit = countLiteral(lookup.limit + 1);
  const { since = 0n } = lookup;
  // By the bucket, which the primary key knows; never by the day, under which a row may be filed that started on another.
  const bound = `intDiv(start, ${BUCKET_NANOS}) >= ${uint64Literal(clamped(since) / BigInt(BUCKET_NANOS))}`;
  const traces = [...unique(lookup.except?.traceIds)].filter((id) => isHex(id, 16));
  const bounds = [
    ...(since > 0n ? [bound] : []),
    ...upTo('start', lookup),
    ...(traces.length > 0 ? [`trace_id NOT IN (${traces.map((id) => hexLiteral(id, 16)).join(', ')})`] : []),
    ...withoutKeys(keysLeftOutOfSpans(lookup)),
  ];
  return conditions(spanTerms(lookup, keys), bounds).map(
    (where) =>
      `SELECT ${SPAN_COLUMNS} FROM ${table} WHERE ${only === '' ? where : `${only}(${where})`} ORDER BY start DESC LIMIT ${limit}`,
  );
}

/** The same for records. */
export function findRecordsSql(lookup: Lookup, keys = keysOfSpanLookup(lookup)): string[] {
  const limit = countLiteral(lookup.limit + 1);
  const { since = 0n } = lookup;
  const bound = `time >= ${uint64Literal(clamped(since))}`;
  const bounds = [
    ...(since > 0n ? [bound] : []),
    ...upTo('time', lookup),
    ...withoutKeys(keysLeftOutOfRecords(lookup)),
  ];
  return conditions(keysOfRecordLookup(lookup, keys).map(keyTerm), bounds).map(
    (where) => `SELECT ${RECORD_COLUMNS} FROM records WHERE ${where} ORDER BY time DESC LIMIT ${limit}`,
  );
}

/** One value of one list: `IN` and `hasAny` lists are put together from these, as many to a query as fit. */
interface Term {
  readonly list: 'trace' | 'span' | 'key' | 'within';
  readonly sql: string;
}

function spanTerms(lookup: Lookup, keys: readonly KeyHalves[]): Term[] {
  const terms: Term[] = [];
  for (const traceId of unique(lookup.traceIds))
    if (isHex(traceId, 16)) terms.push({ list: 'trace', sql: hexLiteral(traceId, 16) });
  for (const spanId of unique(lookup.spanIds))
    if (isHex(spanId, 8)) terms.push({ list: 'span', sql: hexLiteral(spanId, 8) });
  for (const key of keys) terms.push(keyTerm(key));
  for (const { traceId, spanIds } of lookup.within ?? []) {
    if (!isHex(traceId, 16)) continue;
    for (const chunk of chunks([...unique(spanIds)].filter((id) => isHex(id, 8)))) {
      const ids = chunk.map((id) => hexLiteral(id, 8)).join(', ');
      const trace = hexLiteral(traceId, 16);
      terms.push({
        list: 'within',
        sql: `(trace_id = ${trace} AND (span_id IN (${ids}) OR parent_span_id IN (${ids})))`,
      });
    }
  }
  return terms;
}

function keyTerm(key: KeyHalves): Term {
  return { list: 'key', sql: keyText(key) };
}

function upTo(column: 'start' | 'time', { until }: Lookup): string[] {
  return until === undefined ? [] : [`${column} <= ${uint64Literal(clamped(until))}`];
}

/** No index serves this, and none need: it is asked of the rows that were found. */
function withoutKeys(keys: readonly KeyHalves[]): string[] {
  return keys.length === 0 ? [] : [`NOT arrayExists(key -> key IN (${keys.map(keyText).join(', ')}), keys)`];
}

/** Times are UInt64: beyond the last one nothing can have started. */
function clamped(time: bigint): bigint {
  if (time < 0n) return 0n;
  return time > UINT64_MAX ? UINT64_MAX : time;
}

function unique(ids: readonly string[] | undefined): Set<string> {
  return new Set(ids);
}

/** IDs of one trace in pieces that a statement holds twice. */
function* chunks(ids: readonly string[]): Generator<readonly string[]> {
  const size = 2_000;
  for (let at = 0; at < ids.length; at += size) yield ids.slice(at, at + size);
}

/**
 * WHERE conditions that hold all terms, none longer than a statement may be, each within the bounds. Few keys are written twice (see `keyCondition`).
 */
function conditions(terms: readonly Term[], bounds: readonly string[]): string[] {
  const wheres: string[] = [];
  let open: Term[] = [];
  let characters = 0;
  let keys = 0;
  for (const term of terms) {
    const isTwice = term.list === 'key' && ++keys <= UNHINTED_KEYS;
    const length = (term.sql.length + 2) * (isTwice ? 2 : 1);
    if (open.length > 0 && characters + length > CONDITION_CHARACTERS) {
      wheres.push(where(open));
      open = [];
      characters = 0;
      keys = 0;
    }
    open.push(term);
    characters += length;
  }
  if (open.length > 0) wheres.push(where(open));
  return bounds.length === 0 ? wheres : wheres.map((any) => [...bounds, `(${any})`].join(' AND '));
}

function where(terms: readonly Term[]): string {
  const of = (list: Term['list']) => terms.filter((term) => term.list === list).map((term) => term.sql);
  const [traces, spans, keys] = [of('trace'), of('span'), of('key')];
  const parts = of('within');
  if (keys.length > 0) parts.unshift(keyCondition(keys));
  if (spans.length > 0) parts.unshift(`span_id IN (${spans.join(', ')})`);
  if (traces.length > 0) parts.unshift(`trace_id IN (${traces.join(', ')})`);
  return parts.join(' OR ');
}

/**
 * The bloom filter understands `hasAny` alone, which compares each key of a row with each key asked for; so it serves the index,
 * and a set does the comparing (500 keys over 10 M spans: 2.3 s against 0.2 s).
 */
function keyCondition(terms: readonly string[]): string {
  // As one text, which is read as what it is: 50,000 literals, each an expression to the parser and the analyzer, take 120 ms, and so 20.
  if (terms.length > UNHINTED_KEYS)
    return `arrayExists(key -> key IN (CAST('[${terms.join()}]', 'Array(UInt64)')), keys)`;
  const keys = terms.join(', ');
  return `(indexHint(hasAny(keys, CAST([${keys}], 'Array(UInt64)'))) AND arrayExists(key -> key IN (${keys}), keys))`;
}
