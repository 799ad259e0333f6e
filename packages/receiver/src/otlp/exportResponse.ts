import { ProtobufWriter } from '@upshot/model';
import type { OtlpEncoding } from './OtlpEncoding.js';
import type { Refusals } from './Refusals.js';

/** Under which name OTLP/JSON counts what was refused. */
const REJECTED = { span: 'rejectedSpans', 'log record': 'rejectedLogRecords' } as const;

/**
 * ExportTraceServiceResponse or ExportLogsServiceResponse (opentelemetry.proto.collector), whose protobuf is the same, in the encoding of its request. `partial_success` is left
 * out where nothing was refused, as the specification wants it.
 */
export function exportResponse(refusals: Refusals, encoding: OtlpEncoding): Buffer {
  const message = refusals.message();
  if (encoding === 'json') {
    const response =
      refusals.count === 0
        ? {}
        : { partialSuccess: { [REJECTED[refusals.noun]]: String(refusals.count), errorMessage: message } };
    return Buffer.from(JSON.stringify(response));
  }
  const writer = new ProtobufWriter(64 + message.length);
  if (refusals.count > 0) {
    writer.message(1, () => {
      writer.tag(1, 0);
      writer.varint(refusals.count);
      writer.text(2, message);
    });
  }
  return writer.view();
}
