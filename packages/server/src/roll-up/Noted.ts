import { type EntryPoint, KeyKind, keyOf, type WorkflowGraph } from '@upshot/model';
import { entryName } from './placeNames.js';

/** Notes remembered: two and a half minutes of 20,000 spans a second, at some 160 bytes each. For others the store is asked. */
const MOST = 200_000;
/** Names and entry points of one workflow that are tried; one with more is no new one each second. */
const MOST_TRIED = 64;
/** The same of moments at which the store is asked once, after a start. */
const MOST_STARTS = 2_000;
const MOST_FORMER = 16;

/** Under which ID a workflow is noted: where it begins, and by which key. Several may begin in one span, that of a poll. */
export function noteIdOf(entry: Omit<EntryPoint, 'timeUnixNano'>, key: string): string {
  const [low, high] = keyOf(KeyKind.link, `${entryName(entry)} ${key}`);
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}

/** Where a workflow is noted of whose beginning nothing has arrived but spans within a process. */
export function placeOfTrace(traceId: string): EntryPoint {
  return { timeUnixNano: 0n, traceId, spanId: '', eventId: '' };
}

/** A note that no longer holds. */
export interface Former {
  readonly id: string;
  readonly timeUnixNano: bigint;
}

/** What is known of a workflow beside what is remembered here. */
export interface NotedElsewhere {
  /** Traces of which nothing had arrived before. */
  readonly fresh: ReadonlySet<string>;
  /** The notes that the store has at the moments of `unknownTimes`: their times by their IDs. */
  readonly existing: ReadonlyMap<string, readonly bigint[]>;
}

/**
 * What was noted, so that it can be taken back when what came late shows that its workflow begins elsewhere or has another key. For what was forgotten here, noted
 * before this process began or by another one, the store is asked.
 */
export class Noted {
  private readonly notes = new Map<
    string,
    { readonly timeUnixNano: bigint; readonly former: readonly string[] }
  >();
  /** What began before this may have been noted without being remembered here. Unix nanoseconds; null: not known yet. */
  private since: bigint | null = null;

  begin(nowUnixNano: bigint): void {
    this.since ??= nowUnixNano;
  }

  /** Others may have noted what began until now. */
  doubt(nowUnixNano: bigint): void {
    this.since = nowUnixNano;
  }

  /**
   * When a workflow may have been noted without being remembered here: at its entry points, and, before any of them had arrived, where the first began of what was there. What
   * other servers note meanwhile they take back themselves, and when one is gone all is doubted. (To ask for it was most of the work of two servers, and to take back whatever
   * might be there, unseen, wrote some twenty notes for one workflow of sixteen spans.)
   */
  unknownTimes(graph: WorkflowGraph, entries: readonly EntryPoint[], fresh: ReadonlySet<string>): bigint[] {
    const isUnknown = (timeUnixNano: bigint) => this.since === null || timeUnixNano < this.since;
    const times = entries
      .slice(-MOST_TRIED)
      .filter(({ traceId, timeUnixNano }) => !fresh.has(traceId) && isUnknown(timeUnixNano))
      .map(({ timeUnixNano }) => timeUnixNano);
    if (graph.traceIds.every((traceId) => fresh.has(traceId))) return times;
    for (const start of startsOf(graph)) if (isUnknown(start)) times.push(start);
    return times;
  }

  /**
   * Remembers the note of a workflow. Returns the notes that it replaces, and the IDs of all under which it was ever listed.
   */
  replace(
    id: string,
    timeUnixNano: bigint,
    graph: WorkflowGraph,
    entries: readonly EntryPoint[],
    { fresh, existing }: NotedElsewhere,
  ): { gone: Former[]; former: readonly string[] } {
    // Of what arrived just now, and for the first time, nothing can have been noted.
    if (
      !this.notes.has(id) &&
      graph.traceIds.every((traceId) => fresh.has(traceId)) &&
      entries.every(({ traceId }) => fresh.has(traceId))
    ) {
      this.remember(id, timeUnixNano, []);
      return { gone: [], former: [] };
    }
    const names = [...new Set([graph.key, ...graph.correlationIds, ...graph.traceIds])].slice(0, MOST_TRIED);
    const gone: Former[] = [];
    const known = this.notes.get(id);
    const former = new Set(known?.former);
    // Of whose beginning nothing has arrived has one ID, wherever the first of its spans lies.
    for (const time of timesOf(known, existing.get(id)))
      if (time !== timeUnixNano) gone.push({ id, timeUnixNano: time });
    const places = [...entries.slice(-MOST_TRIED), ...graph.traceIds.slice(0, MOST_TRIED).map(placeOfTrace)];
    for (const entry of places) {
      for (const name of names) {
        const other = noteIdOf(entry, name);
        if (other === id) continue;
        const before = this.notes.get(other);
        if (before === undefined && !existing.has(other)) continue;
        this.notes.delete(other);
        for (const time of timesOf(before, existing.get(other))) gone.push({ id: other, timeUnixNano: time });
        for (const one of [other, ...(before?.former ?? [])]) former.add(one);
      }
    }
    former.delete(id);
    const kept = [...former].slice(-MOST_FORMER);
    this.remember(id, timeUnixNano, kept);
    return { gone, former: kept };
  }

  private remember(id: string, timeUnixNano: bigint, former: readonly string[]): void {
    this.notes.delete(id);
    this.notes.set(id, { timeUnixNano, former });
    if (this.notes.size <= MOST) return;
    for (const [oldest, { timeUnixNano: began }] of this.notes) {
      this.notes.delete(oldest);
      if (this.since === null || began >= this.since) this.since = began + 1n;
      break;
    }
  }
}

/** When the nodes of a graph began, as far as it is not too large to ask for all. */
function* startsOf({ events, attempts, steps }: WorkflowGraph): Generator<bigint> {
  let left = MOST_STARTS;
  for (const { timeUnixNano } of events) if (left-- > 0) yield BigInt(timeUnixNano);
  for (const nodes of [attempts, steps])
    for (const { startTimeUnixNano } of nodes) if (left-- > 0) yield BigInt(startTimeUnixNano);
}

function timesOf(
  known: { readonly timeUnixNano: bigint } | undefined,
  existing: readonly bigint[] = [],
): ReadonlySet<bigint> {
  return new Set(known === undefined ? existing : [known.timeUnixNano, ...existing]);
}
