import { ATTRIBUTES } from '@upshot/conventions';
import { decodeSource, type EntryPoint, type Found, hexAt, type WorkflowGraph } from '@upshot/model';
import { compareEntries, type SpanRow, startOfRow } from '@upshot/storage';
import { AttributeMatches } from './AttributeMatches.js';
import { eventIdsOf, type SpanName, spansOf } from './graphIds.js';

interface EntryRow {
  readonly entry: EntryPoint;
  /** Encoded source of a span; null for a record. */
  readonly source: Uint8Array | null;
  readonly environment: string | null;
}

/**
 * What the rows that were read for some workflows say beside their graphs: which of them are entry points, from which environment,
 * with which attributes. Rows are matched with graphs by their IDs.
 */
export class RowsRead {
  private readonly byTraceAndSpan = new Map<string, EntryRow>();
  private readonly bySpan = new Map<string, EntryRow[]>();
  private readonly byEvent = new Map<string, EntryRow[]>();
  private readonly matches: readonly AttributeMatches[];

  constructor(attributes: readonly (readonly [key: string, value: string])[]) {
    this.matches = attributes.map(([key, value]) => new AttributeMatches(key, value));
  }

  add(found: Pick<Found, 'spans' | 'records'>): void {
    const { spans, records } = found;
    for (let row = 0; row < spans.rows; row++) this.addRow({ batch: spans, row });
    this.addRecords(records);
    for (const matches of this.matches) matches.add(found);
  }

  addRow(of: SpanRow): void {
    const { batch, row } = of;
    if (batch.entries[row] === 0) return;
    const traceId = hexAt(batch.traceIds, row * 16, 16);
    const spanId = hexAt(batch.spanIds, row * 8, 8);
    const entry = { timeUnixNano: startOfRow(of), traceId, spanId, eventId: '' };
    const source = batch.sources.values[batch.sources.indexes[row]!]!;
    this.addEntry({ entry, source, environment: null });
  }

  addRecords(records: Found['records']): void {
    for (const { timeUnixNano, record } of records) {
      const { traceId, eventId, environment } = record;
      this.addEntry({
        entry: { timeUnixNano, traceId, spanId: record.spanId ?? '', eventId },
        source: null,
        environment,
      });
    }
  }

  /** The entry points of a graph among the rows, newest first. */
  entriesOf(graph: WorkflowGraph): EntryPoint[] {
    return [...this.rowsOf(graph)].map(({ entry }) => entry).sort(compareEntries);
  }

  /** Whether each of the wanted attributes stands in some row of the graph. */
  hasAttributes(graph: WorkflowGraph): boolean {
    return this.matches.every((matches) => matches.in(graph));
  }

  /** The environments that the graph's events state; those of its entry points where it has no events. */
  environmentsOf(graph: WorkflowGraph): Set<string> {
    if (graph.events.length > 0) return new Set(graph.events.map(({ environment }) => environment));
    return new Set([...this.rowsOf(graph)].map(environmentOf));
  }

  private rowsOf(graph: WorkflowGraph): Set<EntryRow> {
    const rows = new Set<EntryRow>();
    for (const span of spansOf(graph)) for (const row of this.rowsOfSpan(span, graph)) rows.add(row);
    for (const eventId of eventIdsOf(graph)) for (const row of this.byEvent.get(eventId) ?? []) rows.add(row);
    return rows;
  }

  private rowsOfSpan({ traceId, spanId }: SpanName, graph: WorkflowGraph): EntryRow[] {
    const rows = this.bySpan.get(spanId) ?? [];
    if (traceId !== null) return rows.filter(({ entry }) => entry.traceId === traceId);
    return rows.filter(({ entry }) => graph.traceIds.includes(entry.traceId));
  }

  private addEntry(row: EntryRow): void {
    const { traceId, spanId, eventId, timeUnixNano } = row.entry;
    // The same span may be read in every round; another one with the same IDs has another time or record.
    const identity = `${traceId}/${spanId}/${eventId}/${timeUnixNano}`;
    if (this.byTraceAndSpan.has(identity)) return;
    this.byTraceAndSpan.set(identity, row);
    if (spanId !== '') append(this.bySpan, spanId, row);
    if (eventId !== '') append(this.byEvent, eventId, row);
  }
}

function environmentOf({ source, environment }: EntryRow): string {
  if (source === null) return environment ?? '';
  const { resource } = decodeSource(source);
  for (const key of ATTRIBUTES.environment) {
    const value = resource.get(key);
    if (typeof value === 'string') return value;
  }
  return '';
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
