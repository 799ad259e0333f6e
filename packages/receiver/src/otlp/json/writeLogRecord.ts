import { HIGHEST_SEVERITY, type ProtobufWriter } from '@upshot/model';
import { countOf, enumOf, member, objectOf, textOf, timeOf } from './fields.js';
import { writeAnyValue, writeAttributes } from './writeAttributes.js';
import { writeFlags, writeNumber, writeOwnId, writeText, writeTime } from './writeFields.js';

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
/** SeverityNumber's names: SEVERITY_NUMBER_TRACE, …_TRACE2 to …_FATAL4. */
const SEVERITY_NUMBERS = [
  'SEVERITY_NUMBER_UNSPECIFIED',
  ...SEVERITIES.flatMap((name) => ['', '2', '3', '4'].map((number) => `SEVERITY_NUMBER_${name}${number}`)),
].slice(0, HIGHEST_SEVERITY + 1);

/**
 * The fields of one OTLP/JSON log record as those of opentelemetry.proto.logs.v1.LogRecord, in the order of their numbers and without defaults.
 * @throws BadField naming the field that is not what OTLP says
 */
export function writeLogRecord(writer: ProtobufWriter, json: unknown): void {
  const log = objectOf(json, 'a log record');
  writeTime(writer, 1, timeOf(log, 'timeUnixNano'));
  writeNumber(writer, 2, enumOf(log, 'severityNumber', SEVERITY_NUMBERS));
  writeText(writer, 3, textOf(log, 'severityText'));
  const body = member(log, 'body');
  if (body !== undefined) writeAnyValue(writer, 5, body, 'body');
  writeAttributes(writer, 6, log);
  writeNumber(writer, 7, countOf(log, 'droppedAttributesCount'));
  writeFlags(writer, 8, countOf(log, 'flags'));
  writeOwnId(writer, 9, textOf(log, 'traceId'), 16, 'trace ID');
  writeOwnId(writer, 10, textOf(log, 'spanId'), 8, 'span ID');
  writeTime(writer, 11, timeOf(log, 'observedTimeUnixNano'));
  writeText(writer, 12, textOf(log, 'eventName'));
}
