import { decodeSpans, type Span, type SpanBatch, SpanBatchBuilder } from '@upshot/model';
import { DEFAULT_LIMITS, type ReceiverLimits } from '../../src/index.js';
import { exportFromJson } from '../../src/otlp/json/exportFromJson.js';
import { ExportDecoder } from '../../src/otlp/protobuf/ExportDecoder.js';
import { Refusals } from '../../src/otlp/Refusals.js';
import { keysAt } from './TestIngest.js';

export interface DecodedBody {
  readonly batch: SpanBatch;
  readonly spans: readonly Span[];
  /** Keys of each row, as decimal texts in order. */
  readonly keys: readonly (readonly string[])[];
  readonly services: readonly string[];
  readonly refusals: Refusals;
}

export interface DecodeOptions {
  readonly cutoff?: bigint;
  readonly limits?: Partial<ReceiverLimits>;
  readonly retentionNano?: bigint;
}

/** A body through the decoder, and what a store would give back. */
export function decodeProtobuf(body: Uint8Array, options: DecodeOptions = {}): DecodedBody {
  const builder = new SpanBatchBuilder();
  const refusals = new Refusals(options.retentionNano ?? null);
  return finish(builder, body, refusals, options);
}

export function decodeJson(body: string | object, options: DecodeOptions = {}): DecodedBody {
  const builder = new SpanBatchBuilder();
  const refusals = new Refusals(options.retentionNano ?? null);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return finish(
    builder,
    exportFromJson(Buffer.from(text), { ...DEFAULT_LIMITS, ...options.limits }.jsonNodes, refusals),
    refusals,
    options,
  );
}

function finish(
  builder: SpanBatchBuilder,
  body: Uint8Array,
  refusals: Refusals,
  { cutoff = 0n, limits }: DecodeOptions,
): DecodedBody {
  new ExportDecoder({ ...DEFAULT_LIMITS, ...limits }).decode(builder, body, cutoff, refusals);
  const batch = builder.finish();
  return {
    batch,
    spans: readBack(batch),
    keys: Array.from({ length: batch.rows }, (_, row) => keysAt(batch, row)),
    services: Array.from(batch.services.indexes, (index) => batch.services.values[index]!),
    refusals,
  };
}

/** What was accepted must be readable for ever: an error here is not the sender's. */
function readBack(batch: SpanBatch): Span[] {
  try {
    return decodeSpans(batch);
  } catch (error) {
    throw new Error('rows were accepted that cannot be read back', { cause: error });
  }
}
