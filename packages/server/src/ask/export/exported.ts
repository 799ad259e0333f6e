import type { WorkflowExport } from '@upshot/api-contract';
import { askLogs, askWorkflow } from '@upshot/causality';
import { decodeSpans, type Found, type Span, type StoredRecord } from '@upshot/model';
import { AskError } from '../AskError.js';
import { asking, type Questioning } from '../Questioning.js';
import { cloudEventAsSent, recordAsSent } from './recordAsSent.js';
import { logsAsOtlp, spansAsOtlp } from './spansAsOtlp.js';

/**
 * All telemetry from which a workflow was assembled: its own, and of its neighbours what decides what belongs to whom. Taken in elsewhere, it leads to the
 * same graph. Null where nothing is known of the key.
 */
export function* exported(key: string, nowUnixNano: bigint): Questioning<string | null> {
  const rows = new RowsOnce();
  const graph = yield* asking(askWorkflow(key, { nowUnixNano }), (found) => rows.add(found));
  if (graph === null) return null;
  // Of a part another graph would be made. That the answer pages says nothing of the rows.
  if (graph.truncated !== null && graph.truncated.reason !== 'node-limit')
    throw new AskError('too-large', 'This workflow is too large to be exported whole');
  const logs = (yield* asking(askLogs(key, { nowUnixNano }))) ?? [];
  const { records } = rows;
  return JSON.stringify({
    resourceSpans: spansAsOtlp(rows.spans),
    resourceLogs: logsAsOtlp([...new Set(logs.map(({ log }) => log))]),
    eventRecords: records.filter(({ record }) => record.form === 'event-record').map(recordAsSent),
    cloudEvents: records.filter(({ record }) => record.form === 'cloudevent').map(cloudEventAsSent),
  } satisfies WorkflowExport);
}

/** Rows as they pass by, each once. */
class RowsOnce {
  private readonly spanTexts = new Map<string, Span>();
  private readonly byIdentity = new Map<string, StoredRecord>();

  add({ spans, records }: Found): void {
    for (const span of decodeSpans(spans)) {
      // Two reports under one identity are both part of what was received.
      const text = JSON.stringify([span, [...span.attributes], [...span.source.resource]], (_name, value) =>
        typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? [...value] : value,
      );
      if (!this.spanTexts.has(text)) this.spanTexts.set(text, span);
    }
    for (const record of records) this.byIdentity.set(record.identity, record);
  }

  get spans(): Span[] {
    return [...this.spanTexts.values()];
  }

  get records(): StoredRecord[] {
    return [...this.byIdentity.values()];
  }
}
