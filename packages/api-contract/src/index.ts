export { About } from './answers/about.js';
export { BrokenRule, Conventions, ServiceCompliance } from './answers/conventions.js';
export { API_ERRORS, ApiError, type ApiErrorCode, readApiError } from './answers/errors.js';
export { EventAnswer, GraphNode } from './answers/eventAnswer.js';
export { FindingFeed, FindingGroup, FindingGroups, FoundFinding, Mute } from './answers/findings.js';
export { ForgottenWorkflow, ReindexStep } from './answers/forgottenWorkflow.js';
export {
  HopHealth,
  Propagation,
  PropagationFault,
  Topology,
  TopologyConsumer,
  TopologyEvent,
} from './answers/propagation.js';
export {
  StoredAttributes,
  StoredLog,
  StoredSpan,
  StoredSpans,
  WorkflowExport,
  WorkflowLogs,
} from './answers/storedSpan.js';
export {
  Cause,
  Finding,
  FindingKind,
  Hop,
  Truncation,
  WorkflowGraph,
  WorkflowStatus,
} from './answers/workflowGraph.js';
export { Histogram, WorkflowCounts, WorkflowList, WorkflowRow } from './answers/workflowList.js';
export {
  AttemptNode,
  DeliveryNode,
  DeliveryStatus,
  EventNode,
  FailureCause,
  LogLine,
  StepNode,
} from './answers/workflowNodes.js';
export { type ApiCall, CALLS } from './calls/calls.js';
export { openApiDocument } from './calls/openApiDocument.js';
export { BadParameter, parseQuery, type RawQuery } from './parameters/parseQuery.js';
export { parseDuration, parseTime } from './parameters/parseTime.js';
export {
  EndedQuery,
  EventQuery,
  FindingGroupsQuery,
  FindingsQuery,
  HistogramQuery,
  LIMITS,
  LiveQuery,
  MuteBody,
  NoQuery,
  RangeQuery,
  SpansQuery,
  WorkflowListQuery,
  WorkflowQuery,
} from './parameters/queries.js';
