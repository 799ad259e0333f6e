import type { LogPlace, NoteRemoval, Removal, SpanPlace } from '@upshot/storage';
import { countLiteral, hexLiteral, isHex, uint64Literal } from './literals.js';

/** Places of one statement: a place takes some 150 characters, and a statement has 256 KiB. */
const PLACES = 1_000;

const NO_ID = { trace: '0'.repeat(32), span: '0'.repeat(16) };

/** Statements that delete rows. Of spans those that came up to `until`, so that what stands in for them stays. */
export function removeSql({ spans, records, logs }: Omit<Removal, 'instead'>, until: bigint): string[] {
  const came = ` AND received <= ${uint64Literal(until)}`;
  return [
    ...inParts(spans.filter(isPlace)).map(
      (part) =>
        `DELETE FROM spans WHERE (trace_id, span_id) IN (${part.map(placeLiteral).join(', ')})${came}`,
    ),
    ...inParts(records.filter((identity) => isHex(identity, 16))).map(
      (part) =>
        `DELETE FROM records WHERE identity IN (${part.map((one) => hexLiteral(one, 16)).join(', ')})`,
    ),
    ...inParts(logs.map(withIds).filter((log) => isPlace(log) && isHex(log.tailMd5, 16))).map(
      (part) =>
        `DELETE FROM logs WHERE (trace_id, span_id, start, MD5(tail)) IN (${part.map((log) => `(${ids(log)}, ${uint64Literal(log.timeUnixNano)}, ${hexLiteral(log.tailMd5, 16)})`).join(', ')})`,
    ),
  ];
}

/** Statements that delete older versions of notes and tallies. */
export function removeNotesSql({ places, minutes, before }: NoteRemoval): string[] {
  const older = `version < ${uint64Literal(before)}`;
  return [
    ...inParts(places.filter(({ id }) => isHex(id, 8))).map(
      (part) =>
        `DELETE FROM roll_ups WHERE (time, id) IN (${part.map(({ timeUnixNano, id }) => `(${uint64Literal(timeUnixNano)}, ${hexLiteral(id, 8)})`).join(', ')}) AND ${older}`,
    ),
    ...inParts(minutes).map(
      (part) => `DELETE FROM tallies WHERE minute IN (${part.map(countLiteral).join(', ')}) AND ${older}`,
    ),
  ];
}

/** Has the bytes of what was deleted leave the disk; not waited for. */
export function purgeSql(table: string): string {
  if (!TABLES.includes(table)) throw new TypeError(`nothing is deleted from ${JSON.stringify(table)}`);
  return `ALTER TABLE ${table} APPLY DELETED MASK`;
}

const TABLES: readonly string[] = ['spans', 'records', 'logs', 'roll_ups', 'tallies'];

/** The table of a statement made here. */
export function tableOf(statement: string): string {
  return /^DELETE FROM (\w+) /.exec(statement)![1]!;
}

function withIds(log: LogPlace): LogPlace {
  return { ...log, traceId: log.traceId || NO_ID.trace, spanId: log.spanId || NO_ID.span };
}

function isPlace({ traceId, spanId }: SpanPlace): boolean {
  return isHex(traceId, 16) && isHex(spanId, 8);
}

function placeLiteral(place: SpanPlace): string {
  return `(${ids(place)})`;
}

function ids({ traceId, spanId }: SpanPlace): string {
  return `${hexLiteral(traceId, 16)}, ${hexLiteral(spanId, 8)}`;
}

function inParts<Item>(items: readonly Item[]): Item[][] {
  const parts: Item[][] = [];
  for (let at = 0; at < items.length; at += PLACES) parts.push(items.slice(at, at + PLACES));
  return parts;
}
