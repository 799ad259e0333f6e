import {
  decodeLogs,
  decodeSpans,
  keyText,
  type Log,
  type Span,
  type SpanBatch,
  SpanBatchBuilder,
  type StoredRecord,
} from '@upshot/model';
import type { Ingest, IngestGroup } from '../../src/index.js';

/** An ingest in memory: durable at once, or when the test says so. */
export class TestIngest implements Ingest {
  pressure: 'none' | 'failing' | 'closed' = 'none';
  readonly spans = new SpanBatchBuilder();
  readonly records: StoredRecord[] = [];
  readonly logs = new SpanBatchBuilder();
  private held: { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } | null =
    null;

  group(): IngestGroup {
    const { spans, records, logs } = this;
    return { spans, records, logs, durable: this.held?.promise ?? Promise.resolve() };
  }

  added(): void {}

  /** From now on nothing is durable until `release` or `fail`. */
  hold(): void {
    let resolve!: () => void;
    let reject!: (error: unknown) => void;
    const promise = new Promise<void>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    promise.catch(() => {});
    this.held = { promise, resolve, reject };
  }

  release(): void {
    this.held?.resolve();
    this.held = null;
  }

  fail(error: unknown): void {
    this.held?.reject(error);
    this.held = null;
  }

  stored(): Span[] {
    return decodeSpans(this.spans.finish());
  }

  storedLogs(): Log[] {
    return decodeLogs(this.logs.finish());
  }
}

/** The look-up keys of a row, as decimal texts. */
export function keysAt({ keys }: SpanBatch, row: number): string[] {
  const found: string[] = [];
  for (let i = row === 0 ? 0 : keys.ends[row - 1]!; i < keys.ends[row]!; i++) {
    found.push(keyText([keys.halves[i * 2]!, keys.halves[i * 2 + 1]!]));
  }
  return found;
}
