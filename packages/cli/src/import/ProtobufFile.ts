import { MalformedProtobuf, ProtobufWriter } from '@upshot/model';
import { CliError } from '../CliError.js';
import { wholeFile } from './fileBytes.js';
import { type ScopeSlices, type Slice, scopesInProtobuf, timesOfSpan } from './protobufSpans.js';
import { shiftedNanos } from './shiftedNanos.js';
import { REQUEST_BYTES, type TelemetryFile, type TelemetryRequest } from './TelemetryRequest.js';

/** A file that holds one encoded ExportTraceServiceRequest. */
export class ProtobufFile implements TelemetryFile {
  constructor(private readonly file: string) {}

  async *ends(): AsyncGenerator<bigint> {
    const bytes = await wholeFile(this.file);
    for (const { spans } of this.scopes(bytes)) {
      for (const span of spans) {
        for (const { at, isEnd } of timesOfSpan(bytes, span)) if (isEnd) yield bytes.readBigUInt64LE(at);
      }
    }
  }

  async *requests(shiftNano: bigint): AsyncGenerator<TelemetryRequest> {
    const bytes = await wholeFile(this.file);
    const scopes = this.scopes(bytes);
    if (shiftNano !== 0n)
      for (const { spans } of scopes) for (const span of spans) shift(bytes, span, shiftNano);
    if (bytes.length <= REQUEST_BYTES) {
      const spans = scopes.reduce((sum, scope) => sum + scope.spans.length, 0);
      yield spansRequest(Buffer.from(bytes), spans);
      return;
    }
    for (const scope of scopes) yield* requestsOf(bytes, scope);
  }

  private scopes(bytes: Buffer): ScopeSlices[] {
    try {
      const scopes = [...scopesInProtobuf(bytes)];
      for (const { spans } of scopes) for (const span of spans) for (const _time of timesOfSpan(bytes, span));
      return scopes;
    } catch (error) {
      if (!(error instanceof MalformedProtobuf)) throw error;
      throw new CliError(
        `${this.file} is neither OTLP/JSON nor an encoded ExportTraceServiceRequest (${error.message})`,
        {
          cause: error,
        },
      );
    }
  }
}

/** Times are of fixed width, so they are changed where they stand. */
function shift(bytes: Buffer, span: Slice, by: bigint): void {
  for (const { at } of timesOfSpan(bytes, span)) {
    bytes.writeBigUInt64LE(shiftedNanos(bytes.readBigUInt64LE(at), by), at);
  }
}

/** The spans of a scope as requests of at most `REQUEST_BYTES`, each with the fields of its resource and scope. */
function* requestsOf(bytes: Buffer, { resource, scope, spans }: ScopeSlices): Generator<TelemetryRequest> {
  let from = 0;
  while (from < spans.length) {
    const inScope = new ProtobufWriter(64 * 1024);
    copy(inScope, bytes, scope);
    let size = 0;
    let to = from;
    for (; to < spans.length && (to === from || size < REQUEST_BYTES); to++) {
      const { start, end } = spans[to]!;
      inScope.bytes(2, bytes.subarray(start, end));
      size += end - start;
    }
    const inResource = new ProtobufWriter(size + 1024);
    copy(inResource, bytes, resource);
    inResource.bytes(2, inScope.finish());
    const request = new ProtobufWriter(size + 2048);
    request.bytes(1, inResource.finish());
    yield spansRequest(Buffer.from(request.finish()), to - from);
    from = to;
  }
}

function spansRequest(body: Buffer<ArrayBuffer>, count: number): TelemetryRequest {
  return { path: '/v1/traces', contentType: 'application/x-protobuf', body, noun: 'span', count };
}

function copy(writer: ProtobufWriter, bytes: Buffer, slices: readonly Slice[]): void {
  for (const { start, end } of slices) writer.raw(bytes.subarray(start, end));
}
