import { setTimeout } from 'node:timers/promises';
import { context } from '@opentelemetry/api';
import { ExportResultCode, suppressTracing } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Losses } from './Losses.js';
import { type Fate, Outbox } from './Outbox.js';

/** Spans that wait while Upshot is away: at some 2 KB each, 16 MB. */
const MOST_SPANS = 8192;
/** What OpenTelemetry's own batches hold. */
const BATCH = 512;
const EVERY_MS = 500;

/** Hands finished spans to an exporter by an outbox, which counts what is lost. OpenTelemetry's own processor drops in silence. */
export class OutboxProcessor implements SpanProcessor {
  private readonly outbox: Outbox<ReadableSpan>;

  constructor(
    private readonly exporter: SpanExporter,
    losses: Losses,
    most = MOST_SPANS,
  ) {
    const send = (spans: ReadableSpan[]) => sendBy(exporter, spans);
    this.outbox = new Outbox({
      kind: 'spans',
      most,
      batch: Math.min(BATCH, most),
      everyMs: EVERY_MS,
      losses,
      send,
    });
  }

  get pending(): number {
    return this.outbox.pending;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & 1) === 1) this.outbox.add(span);
  }

  async forceFlush(withinMs = 10_000): Promise<void> {
    await this.outbox.flush(withinMs);
  }

  async shutdown(withinMs = 5000): Promise<void> {
    const deadline = performance.now() + withinMs;
    await this.outbox.close(withinMs);
    // The exporter would wait for what it is sending, and it tries that again and again.
    const left = setTimeout(Math.max(1, deadline - performance.now()), undefined, { ref: false });
    await Promise.race([this.exporter.shutdown(), left]);
  }
}

function sendBy(exporter: SpanExporter, spans: ReadableSpan[]): Promise<Fate> {
  return new Promise((resolve) => {
    try {
      context.with(suppressTracing(context.active()), () =>
        exporter.export(spans, ({ code, error }) => {
          if (code === ExportResultCode.SUCCESS) resolve('sent');
          else if (statusOf(error) === TOO_LARGE) resolve('too-large');
          else resolve(isFinal(error) ? { refused: error?.message ?? 'refused' } : 'again');
        }),
      );
    } catch (error) {
      // One of them can't be written down: it is found by halves, and the others go.
      if (spans.length > 1) resolve('too-large');
      else resolve({ refused: error instanceof Error ? error.message : String(error) });
    }
  });
}

/** Answers that say that the same content will not be taken a second time either; 401 and 403 may be mended. */
function isFinal(error: Error | undefined): boolean {
  return [400, 415, 422].includes(statusOf(error));
}

const TOO_LARGE = 413;

/** The HTTP status of a refusal; 0 where there was no answer. */
function statusOf(error: Error | undefined): number {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'number' ? code : 0;
}
