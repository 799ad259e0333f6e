import { type LogBatch, type SpanBatch, SpanBatchBuilder } from '@upshot/model';
import { DEFAULT_LIMITS } from './intake/ReceiverLimits.js';
import { exportFromJson, LOGS_JSON } from './otlp/json/exportFromJson.js';
import { ExportDecoder } from './otlp/protobuf/ExportDecoder.js';
import { LogExportDecoder } from './otlp/protobuf/LogExportDecoder.js';
import { Refusals } from './otlp/Refusals.js';
import { type RecordForm, type Records, recordsIn } from './records/recordsIn.js';

/**
 * The spans of one ExportTraceServiceRequest, decoded as the receiver does and not sent anywhere: for files.
 * @throws MalformedProtobuf, SyntaxError or BadField where the body is no such request
 */
export function decodeExport(
  body: Buffer,
  encoding: 'protobuf' | 'json',
): { spans: SpanBatch; refusals: Refusals } {
  const refusals = new Refusals(null);
  const builder = new SpanBatchBuilder();
  const message = encoding === 'json' ? exportFromJson(body, DEFAULT_LIMITS.jsonNodes, refusals) : body;
  new ExportDecoder(DEFAULT_LIMITS).decode(builder, message, 0n, refusals);
  return { spans: builder.finish(), refusals };
}

/**
 * The log records of one ExportLogsServiceRequest, likewise.
 * @param now the time of records that state none; Unix nanoseconds
 * @throws MalformedProtobuf, SyntaxError or BadField where the body is no such request
 */
export function decodeLogExport(
  body: Buffer,
  encoding: 'protobuf' | 'json',
  now: bigint,
): { logs: LogBatch; refusals: Refusals } {
  const refusals = new Refusals(null, 'log record');
  const builder = new SpanBatchBuilder();
  const message =
    encoding === 'json' ? exportFromJson(body, DEFAULT_LIMITS.jsonNodes, refusals, LOGS_JSON) : body;
  new LogExportDecoder(DEFAULT_LIMITS).decodeLogs(builder, message, { now, cutoff: 0n }, refusals);
  return { logs: builder.finish(), refusals };
}

/**
 * The records of a body, decoded as the receiver does.
 * @param now the time of records that state none; Unix nanoseconds
 * @throws ReceiverError where the body is not what `form` says
 */
export function decodeRecords(body: Buffer, form: RecordForm, now: bigint): Records {
  return recordsIn(body, form, DEFAULT_LIMITS, {
    now,
    cutoff: 0n,
    textBytes: DEFAULT_LIMITS.recordTextBytes,
    valueBytes: DEFAULT_LIMITS.attributeBytes,
    depth: DEFAULT_LIMITS.recordDepth,
  });
}
