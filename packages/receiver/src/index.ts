export { decodeExport, decodeLogExport, decodeRecords } from './decodeBodies.js';
export type { Ingest, IngestGroup } from './intake/Ingest.js';
export { DEFAULT_LIMITS, type ReceiverLimits } from './intake/ReceiverLimits.js';
export type { ReceiverObserver, Signal, Transport } from './intake/ReceiverObserver.js';
export { MENDED } from './otlp/protobuf/mendedFields.js';
export { REFUSALS, type RefusalCode } from './otlp/Refusals.js';
export type { RecordForm, Records } from './records/recordsIn.js';
export {
  REDACTIONS,
  type RedactionAction,
  type RedactionOptions,
  type RedactionRule,
} from './redact/Redaction.js';
export { type LinkSeen, rereadLogs, rereadSpans } from './reread/rereadSpans.js';
export { type Receiver, type ReceiverOptions, startReceiver } from './startReceiver.js';
