import { type TObject, type TSchema, Type } from 'typebox';
import { About } from '../answers/about.js';
import { Conventions } from '../answers/conventions.js';
import type { ApiErrorCode } from '../answers/errors.js';
import { EventAnswer } from '../answers/eventAnswer.js';
import { FindingFeed, FindingGroups } from '../answers/findings.js';
import { ForgottenWorkflow, ReindexStep } from '../answers/forgottenWorkflow.js';
import { Propagation, Topology } from '../answers/propagation.js';
import { StoredSpans, WorkflowExport, WorkflowLogs } from '../answers/storedSpan.js';
import { WorkflowGraph } from '../answers/workflowGraph.js';
import { Histogram, WorkflowList } from '../answers/workflowList.js';
import {
  EndedQuery,
  EventQuery,
  FindingGroupsQuery,
  FindingsQuery,
  HistogramQuery,
  LiveQuery,
  MuteBody,
  NoQuery,
  RangeQuery,
  SpansQuery,
  WorkflowListQuery,
  WorkflowQuery,
} from '../parameters/queries.js';

/** One call of the API: the one place from which its validation, its types and its documentation come. */
export interface ApiCall {
  readonly operationId: string;
  /** With `{name}` for each path parameter. */
  readonly path: string;
  readonly summary: string;
  readonly pathParameters: { readonly [name: string]: string };
  readonly query: TObject;
  /** GET unless it says otherwise. */
  readonly method?: 'put' | 'post' | 'delete';
  /** What is sent, as JSON. */
  readonly body?: TObject;
  /** By media type; none: 204, or 202 of a POST that has begun what it is asked for. */
  readonly answers: { readonly [mediaType: string]: TSchema };
  readonly errors: readonly ApiErrorCode[];
  /** True where no token is wanted. */
  readonly open?: boolean;
}

const QUESTION_ERRORS = ['bad-request', 'unauthorized', 'too-large', 'unavailable', 'timeout'] as const;

const KEY = 'A correlation ID, trace ID, event ID or span ID, tried in this order. Hex in either case.';

export const CALLS = {
  listWorkflows: {
    operationId: 'listWorkflows',
    path: '/api/workflows',
    summary: 'Workflows, newest first',
    pathParameters: {},
    query: WorkflowListQuery,
    answers: { 'application/json': WorkflowList },
    errors: QUESTION_ERRORS,
  },
  getWorkflow: {
    operationId: 'getWorkflow',
    path: '/api/workflows/{key}',
    summary: 'One workflow as a causal graph, or as text',
    pathParameters: { key: KEY },
    query: WorkflowQuery,
    answers: { 'application/json': WorkflowGraph, 'text/plain': Type.String() },
    errors: [...QUESTION_ERRORS, 'not-found'],
  },
  watchWorkflow: {
    operationId: 'watchWorkflow',
    path: '/api/workflows/{key}/live',
    summary:
      'One workflow as server-sent events: the whole graph in each `data:`, at once and whenever it changes',
    pathParameters: { key: KEY },
    query: LiveQuery,
    answers: { 'text/event-stream': Type.String() },
    errors: [...QUESTION_ERRORS, 'not-found'],
  },
  watchEnded: {
    operationId: 'watchEnded',
    path: '/api/live/ended',
    summary:
      'Workflows that ended in the last minute (completed, failed or stuck) as server-sent events: in each `data:` ' +
      '`{workflows, more}`, at once and whenever it changes',
    pathParameters: {},
    query: EndedQuery,
    answers: { 'text/event-stream': Type.String() },
    errors: QUESTION_ERRORS,
  },
  forgetWorkflow: {
    operationId: 'forgetWorkflow',
    path: '/api/workflows/{key}',
    method: 'delete',
    summary:
      'Delete all that is stored of one workflow; what it shares with others stays, without its part in it',
    pathParameters: { key: KEY },
    query: NoQuery,
    answers: { 'application/json': ForgottenWorkflow },
    errors: [...QUESTION_ERRORS, 'not-found', 'ambiguous'],
  },
  getWorkflowSpans: {
    operationId: 'getWorkflowSpans',
    path: '/api/workflows/{key}/spans',
    summary: 'The stored spans of a workflow',
    pathParameters: { key: KEY },
    query: SpansQuery,
    answers: { 'application/json': StoredSpans },
    errors: [...QUESTION_ERRORS, 'not-found'],
  },
  exportWorkflow: {
    operationId: 'exportWorkflow',
    path: '/api/workflows/{key}/export',
    summary: 'All telemetry from which a workflow was assembled, to be imported elsewhere',
    pathParameters: { key: KEY },
    query: NoQuery,
    answers: { 'application/json': WorkflowExport },
    errors: [...QUESTION_ERRORS, 'not-found'],
  },
  getWorkflowLogs: {
    operationId: 'getWorkflowLogs',
    path: '/api/workflows/{key}/logs',
    summary: 'The stored log records of a workflow, or those that carry a key which leads to none',
    pathParameters: { key: KEY },
    query: SpansQuery,
    answers: { 'application/json': WorkflowLogs },
    errors: [...QUESTION_ERRORS, 'not-found'],
  },
  getEvent: {
    operationId: 'getEvent',
    path: '/api/events/{eventId}',
    summary: 'One event, what caused it up to the root, and all that it led to',
    pathParameters: { eventId: 'The ID of the event (message).' },
    query: EventQuery,
    answers: { 'application/json': EventAnswer },
    errors: [...QUESTION_ERRORS, 'not-found'],
  },
  getSpan: {
    operationId: 'getSpan',
    path: '/api/spans/{traceId}/{spanId}',
    summary: 'A span as it was stored; several where one ID stands for both sides of a call',
    pathParameters: { traceId: '32 hex digits.', spanId: '16 hex digits.' },
    query: NoQuery,
    answers: { 'application/json': StoredSpans },
    errors: [...QUESTION_ERRORS, 'not-found'],
  },
  getHistogram: {
    operationId: 'getHistogram',
    path: '/api/histogram',
    summary: 'How many workflows began when, by state',
    pathParameters: {},
    query: HistogramQuery,
    answers: { 'application/json': Histogram },
    errors: QUESTION_ERRORS,
  },
  getPropagation: {
    operationId: 'getPropagation',
    path: '/api/propagation',
    summary: 'Where trace context is carried over and where it is lost, and whose change mends it',
    pathParameters: {},
    query: RangeQuery,
    answers: { 'application/json': Propagation },
    errors: QUESTION_ERRORS,
  },
  getTopology: {
    operationId: 'getTopology',
    path: '/api/topology',
    summary: 'Which events go to which consumers, how many, how well and how fast',
    pathParameters: {},
    query: RangeQuery,
    answers: { 'application/json': Topology },
    errors: QUESTION_ERRORS,
  },
  listFindings: {
    operationId: 'listFindings',
    path: '/api/findings',
    summary: 'Findings over all workflows, newest first',
    pathParameters: {},
    query: FindingsQuery,
    answers: { 'application/json': FindingFeed },
    errors: QUESTION_ERRORS,
  },
  listFindingGroups: {
    operationId: 'listFindingGroups',
    path: '/api/findings/groups',
    summary: 'Findings over all workflows, each cause once',
    pathParameters: {},
    query: FindingGroupsQuery,
    answers: { 'application/json': FindingGroups },
    errors: QUESTION_ERRORS,
  },
  muteFindingGroup: {
    operationId: 'muteFindingGroup',
    path: '/api/findings/groups/{id}/mute',
    method: 'put',
    summary: 'Mute a group of findings, with a reason',
    pathParameters: { id: 'The `id` of the group.' },
    query: NoQuery,
    body: MuteBody,
    answers: {},
    errors: ['bad-request', 'unauthorized', 'unavailable'],
  },
  unmuteFindingGroup: {
    operationId: 'unmuteFindingGroup',
    path: '/api/findings/groups/{id}/mute',
    method: 'delete',
    summary: 'Unmute a group of findings',
    pathParameters: { id: 'The `id` of the group.' },
    query: NoQuery,
    answers: {},
    errors: ['bad-request', 'unauthorized', 'unavailable'],
  },
  reindex: {
    operationId: 'reindex',
    path: '/api/reindex',
    method: 'post',
    summary:
      'Make the look-up keys of some stored rows anew that were made by an older Upshot; to be called until none is left',
    pathParameters: {},
    query: NoQuery,
    answers: { 'application/json': ReindexStep },
    errors: ['bad-request', 'unauthorized', 'unavailable'],
  },
  rebuildRollUps: {
    operationId: 'rebuildRollUps',
    path: '/api/roll-ups/rebuild',
    method: 'post',
    summary: 'Throw away what is counted over many workflows, and count it anew from what is stored',
    pathParameters: {},
    query: NoQuery,
    answers: {},
    errors: ['bad-request', 'unauthorized'],
  },
  getConventions: {
    operationId: 'getConventions',
    path: '/api/conventions',
    summary: 'The conventions in force, and how far each service keeps them',
    pathParameters: {},
    query: NoQuery,
    answers: { 'application/json': Conventions },
    errors: ['bad-request', 'unauthorized'],
  },
  getAbout: {
    operationId: 'getAbout',
    path: '/api/about',
    summary: 'What a page has to know of the server that serves it',
    pathParameters: {},
    query: NoQuery,
    answers: { 'application/json': About },
    errors: ['unauthorized'],
  },
  getOpenApi: {
    operationId: 'getOpenApi',
    path: '/api/openapi.json',
    summary: 'This API, as OpenAPI 3.1',
    pathParameters: {},
    query: NoQuery,
    answers: { 'application/json': Type.Object({ openapi: Type.String() }) },
    errors: ['unauthorized'],
  },
  getLiveness: {
    operationId: 'getLiveness',
    path: '/healthz',
    summary: 'Whether the process answers at all',
    pathParameters: {},
    query: NoQuery,
    answers: { 'text/plain': Type.String() },
    errors: [],
    open: true,
  },
  getReadiness: {
    operationId: 'getReadiness',
    path: '/readyz',
    summary: 'Whether it takes telemetry and answers questions: 200, or 503',
    pathParameters: {},
    query: NoQuery,
    answers: { 'text/plain': Type.String() },
    errors: ['unavailable'],
    open: true,
  },
  getMetrics: {
    operationId: 'getMetrics',
    path: '/metrics',
    summary: 'Metrics in Prometheus’ text format',
    pathParameters: {},
    query: NoQuery,
    answers: { 'text/plain': Type.String() },
    errors: ['unauthorized'],
  },
} as const satisfies { readonly [operationId: string]: ApiCall };
