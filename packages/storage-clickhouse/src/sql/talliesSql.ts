import { KeyKind, keyOf, keyText, type Minute, type TallyQuery } from '@upshot/model';
import { countLiteral, stringLiteral } from './literals.js';

/** The last minute that a UInt64 of nanoseconds has. */
const LAST_MINUTE = 307_445_734;
/** From how many of the latest minutes of a sum its examples come. A minute has three where there were so many. */
const EXAMPLE_MINUTES = 3;
/** Beyond so many minutes a list of them spares nothing: examples are read over the whole range. */
const LISTED_MINUTES = 5_000;

/** The write of a minute that counts. */
export interface TallyHead {
  readonly minute: Minute;
  readonly written: bigint;
}

/**
 * Sums of tallies, and for each the latest minutes that have examples: examples themselves cost more here than all the rest (165 of 310 ms over 200,000
 * tallies). `sumMap` over a Map takes two thirds of the time that it takes over arrays.
 *
 * Where it is known which writes count, these are given as `heads`, and rows without a kind say how many minutes of them were still there: to find them out in the same
 * query took three times as long (41 against 12 ms over 35 minutes).
 */
export function tallySumsSql(
  query: TallyQuery,
  kinds: readonly string[],
  heads: readonly TallyHead[] | null = null,
): string {
  const { every } = query;
  const span = every === undefined ? '0' : `intDiv(minute, ${countLiteral(every)}) * ${countLiteral(every)}`;
  const shown = `arrayMap(left -> ${LAST_MINUTE} - left, groupArraySortedIf(${EXAMPLE_MINUTES})(${LAST_MINUTE} - minute, example_count > 0))`;
  const met = heads === null ? '' : ', uniqExact(minute) AS minute_count';
  const sums = `SELECT toUInt64(${span}) AS span, kind, series, min(first) AS earliest, max(last) AS latest, ${shown} AS shown, sumMap(CAST((numbers, counts), 'Map(Int32, UInt64)')) AS counters${met} FROM tallies WHERE ${counted(query, heads === null ? kinds : ['', ...kinds], heads)} GROUP BY span, kind, series`;
  return `SELECT span, kind, series, earliest, latest, CAST(shown, 'Array(UInt32)') AS example_minutes, mapKeys(counters) AS counter_numbers, mapValues(counters) AS counter_sums${heads === null ? '' : ', minute_count'} FROM (${sums})`;
}

/** By hours that have minutes: a text that changes when what counts of any of its minutes does. Reads heads alone, one row for each minute. */
export function tallyMarksSql(
  { since, until }: Pick<TallyQuery, 'since' | 'until'>,
  minutes: number,
): string {
  return `SELECT toUInt64(intDiv(minute, ${countLiteral(minutes)}) * ${countLiteral(minutes)}) AS span, sum(cityHash64(minute, latest)) AS mark FROM (${headsSql(minutesSql({ since, until }))}) GROUP BY span ORDER BY span`;
}

/** Which write of each minute counts. */
export function tallyHeadsSql(query: Pick<TallyQuery, 'since' | 'until'>): string {
  return `SELECT minute, latest.2 AS latest_write FROM (${headsSql(minutesSql(query))})`;
}

/** What examples these minutes have. */
export function tallyExamplesSql(
  query: TallyQuery,
  kinds: readonly string[],
  minutes: ReadonlySet<Minute>,
  heads: readonly TallyHead[] | null = null,
): string {
  const list =
    minutes.size > LISTED_MINUTES ? '' : ` AND minute IN (${[...minutes].map(countLiteral).join(', ')})`;
  return `SELECT minute, kind, series, examples FROM tallies WHERE ${counted(query, kinds, heads)}${list}`;
}

/**
 * Of each minute the rows that the last write of its latest version left, whatever has been merged. Series are compared by hash; whoever reads compares
 * them as they are.
 */
function counted(query: TallyQuery, kinds: readonly string[], heads: readonly TallyHead[] | null): string {
  const minutes = minutesSql(query);
  const keys = query.series?.map((one) => keyText(keyOf(KeyKind.series, one))).join(', ');
  const wanted = `kind IN (${kinds.map(stringLiteral).join(', ')})${minutes}${keys === undefined ? '' : ` AND series_key IN (${keys})`}`;
  const writes =
    heads?.map(({ minute, written }) => `(${countLiteral(minute)}, ${written})`).join(', ') ??
    `SELECT minute, latest.2 FROM (${headsSql(minutes)})`;
  return `${wanted} AND (minute, written) IN (${writes})`;
}

function headsSql(minutes: string): string {
  return `SELECT minute, max((version, written)) AS latest FROM tallies WHERE kind = ''${minutes} GROUP BY minute`;
}

function minutesSql({ since = 0, until }: Pick<TallyQuery, 'since' | 'until'>): string {
  return [
    ...(since > 0 ? [` AND minute >= ${minuteLiteral(since)}`] : []),
    ...(until === undefined ? [] : [` AND minute < ${minuteLiteral(until)}`]),
  ].join('');
}

/** Bounds beyond all minutes are as good as the last one. */
function minuteLiteral(minute: number): string {
  return countLiteral(Math.min(Math.max(Math.ceil(minute), 0), LAST_MINUTE + 1));
}
