export type { BytesColumn, DictionaryColumn, KeysColumn, SpanBatch } from './batch/SpanBatch.js';
export { type BatchMark, SpanBatchBuilder } from './batch/SpanBatchBuilder.js';
export * from './graph/WorkflowGraph.js';
export type { EventAnswer, GraphNode, WorkflowCounts, WorkflowRow } from './graph/WorkflowRow.js';
export { attributeHash, textsOfAttribute } from './keys/attributeHash.js';
export {
  hashKeyInto,
  type KeyHalves,
  KeyKind,
  keyOf,
  keyText,
  linkId,
  positionId,
} from './keys/lookupKey.js';
export { decodeLogs } from './log/decodeLogs.js';
export { type Log, SEVERITIES, type Severity, severityOf } from './log/Log.js';
export { HIGHEST_SEVERITY, type LogBatch, LogKind } from './log/LogBatch.js';
export type { Arrival, Arrivals, EntryPoint, Found, Lookup } from './lookup/Lookup.js';
export { type EventRecord, PHASES, type Phase } from './record/EventRecord.js';
export { keysOfRecord, type StoredRecord } from './record/StoredRecord.js';
export type { FindingGroup, FoundFinding, Mute } from './rollUp/FindingGroup.js';
export type { HopHealth, Propagation, PropagationFault } from './rollUp/Propagation.js';
export {
  type RollUp,
  type RollUpCount,
  type RollUpCountQuery,
  type RollUpQuery,
  SOUGHT_SEPARATOR,
  type Sought,
} from './rollUp/RollUp.js';
export type { Minute, Tally, TallyCell, TallyQuery, TallySum } from './rollUp/Tally.js';
export type { Topology, TopologyConsumer, TopologyEvent } from './rollUp/Topology.js';
export { decodeKeyValue, NO_ATTRIBUTES } from './span/decodeAttributes.js';
export { decodeSpans, SpanDecoder } from './span/decodeSpans.js';
export * from './span/Span.js';
export { decodeSource, encodeSource } from './span/spanSource.js';
export { bytesOfHex, hexAt } from './wire/hex.js';
export { MalformedProtobuf, ProtobufReader } from './wire/ProtobufReader.js';
export { ProtobufWriter } from './wire/ProtobufWriter.js';
export { formatAge } from './words/formatAge.js';
export { counted, formatCount } from './words/formatCount.js';
export { formatDuration } from './words/formatDuration.js';
export { earlier, later } from './words/nanos.js';
