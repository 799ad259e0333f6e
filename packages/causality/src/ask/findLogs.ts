import { decodeLogs, type Log, type Lookup } from '@upshot/model';
import { type PlacedLog, placeLogs } from '../answers/logs/placeLogs.js';
import type { Workflow } from '../answers/Workflow.js';
import type { Collected } from '../collect/Collection.js';
import type { GraphDraftNode } from '../graph/nodes.js';
import { idsOfLog } from '../interpret/idsOfLog.js';
import type { Asking } from './Asking.js';

/** Log records that are read for one workflow, the newest: what an answer shows is far less. */
export const MOST_LOGS = 10_000;
/** IDs of one look-up. */
const IDS_AT_ONCE = 2_000;
/** Log records that name a key which nothing else names, of which it is asked to what else they belong. */
const ALIAS_LOGS = 200;
const MOST_ALIASES = 5;

/** The log records of a workflow, at their nodes. */
export function* logsOf(workflow: Workflow, { graph }: Collected): Asking<Map<GraphDraftNode, PlacedLog[]>> {
  const tooBroad = new Set(workflow.tooBroad);
  const lookups = [
    ...inParts(workflow.correlationIds.filter((id) => !tooBroad.has(id))).map((correlationIds) => ({
      correlationIds,
    })),
    ...inParts(workflow.traceIds).map((traceIds) => ({ traceIds })),
    ...inParts(eventIdsOf(workflow)).map((eventIds) => ({ eventIds })),
  ];
  const logs = new Map<string, Log>();
  for (const lookup of lookups) {
    const left = MOST_LOGS - logs.size;
    if (left <= 0) break;
    for (const log of yield* find({ ...lookup, limit: left })) logs.set(identityOf(log), log);
  }
  return placeLogs(workflow, graph.nodesOf, [...logs.values()]);
}

/** What else log records name that carry a key: trace, correlation and event IDs, each once. */
export function* aliasesOf(key: string): Asking<string[]> {
  const aliases = new Set<string>();
  for (const log of yield* logsNaming(key, ALIAS_LOGS)) {
    const { eventId, correlationId } = idsOfLog(log);
    for (const id of [log.traceId, correlationId, eventId])
      if (id !== null && id !== '' && id !== key) aliases.add(id);
  }
  return [...aliases].sort().slice(0, MOST_ALIASES);
}

/** The log records that carry a key. */
export function* logsNaming(key: string, limit: number): Asking<Log[]> {
  const hex = key.toLowerCase();
  const logs = yield* find({
    traceIds: [hex],
    spanIds: [hex],
    eventIds: [key],
    correlationIds: [key],
    causationIds: [key],
    limit,
  });
  // Rows may share no more than the hash of a key.
  return logs.filter((log) => {
    const { eventId, correlationId } = idsOfLog(log);
    return [log.traceId, log.spanId].includes(hex) || [eventId, correlationId].includes(key);
  });
}

function* find(lookup: Lookup): Asking<Log[]> {
  return decodeLogs((yield { ...lookup, among: 'logs' }).logs);
}

function eventIdsOf({ events }: Workflow): string[] {
  return [...new Set(events.map(({ eventId }) => eventId))].filter((id) => id !== null);
}

function inParts(ids: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) parts.push(ids.slice(at, at + IDS_AT_ONCE));
  return parts;
}

function identityOf(log: Log): string {
  const { source: _, ...own } = log;
  return JSON.stringify([own, [...log.attributes]], (_name, value) =>
    typeof value === 'bigint' ? `${value}` : value instanceof Uint8Array ? [...value] : value,
  );
}

/** Earliest first. */
export function byLogTime(a: Log, b: Log): number {
  return a.timeUnixNano < b.timeUnixNano ? -1 : a.timeUnixNano > b.timeUnixNano ? 1 : 0;
}
