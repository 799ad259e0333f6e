import {
  BadParameter,
  CALLS,
  EventQuery,
  HistogramQuery,
  LIMITS,
  NoQuery,
  parseQuery,
  parseTime,
  SpansQuery,
  WorkflowListQuery,
  WorkflowQuery,
} from '@upshot/api-contract';
import { rulesIdOf } from '@upshot/knowledge';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ListQuestion, Question } from '../../ask/Question.js';
import type { HttpOptions } from '../HttpOptions.js';
import { type Asked, routeOf, sendAnswer } from './answering.js';
import { filterOf } from './filterOf.js';

/** The calls that are answered from telemetry. */
export function addQuestionRoutes(app: FastifyInstance, options: HttpOptions): void {
  const { asker, clock, rollUp } = options;

  const answer = (reply: FastifyReply, question: Question, nothing: string) =>
    sendAnswer(asker, reply, { ...question, conventions: options.conventions()?.rules ?? null }, nothing);

  app.get(routeOf(CALLS.listWorkflows.path), async (request: Asked, reply) => {
    await rollUp.caughtUp();
    const nowUnixNano = clock();
    const asOf = rollUp.asOfAt(nowUnixNano);
    const rules = rulesIdOf(options.conventions()?.document);
    const question = listQuestion(
      parseQuery(WorkflowListQuery, request.query),
      nowUnixNano,
      options.listBudgetMs,
    );
    return answer(reply, { ...question, asOf, rules }, '');
  });

  app.get(routeOf(CALLS.getHistogram.path), async (request: Asked, reply) => {
    const { buckets, ...query } = parseQuery(HistogramQuery, request.query);
    await rollUp.caughtUp();
    const nowUnixNano = clock();
    const { page: _page, ...asked } = listQuestion(query, nowUnixNano, options.listBudgetMs);
    const about = { asOf: rollUp.asOfAt(nowUnixNano), rules: rulesIdOf(options.conventions()?.document) };
    return answer(reply, { ...asked, ...about, kind: 'histogram', buckets: buckets ?? LIMITS.buckets }, '');
  });

  app.get(routeOf(CALLS.getWorkflow.path), (request: Asked, reply) => {
    const { format, limit, cursor } = parseQuery(WorkflowQuery, request.query);
    const key = idOf(request, 'key');
    const question = {
      kind: 'workflow',
      key,
      format: format ?? 'json',
      page: { limit: limit ?? LIMITS.graph, cursor: cursor ?? null },
      nowUnixNano: clock(),
    } as const;
    return answer(reply, question, unknownKey(key));
  });

  app.get(routeOf(CALLS.getWorkflowSpans.path), (request: Asked, reply) => {
    const { limit, cursor } = parseQuery(SpansQuery, request.query);
    const key = idOf(request, 'key');
    const page = { limit: limit ?? LIMITS.graph, cursor: cursor ?? null };
    return answer(reply, { kind: 'spans', key, page, nowUnixNano: clock() }, unknownKey(key));
  });

  app.get(routeOf(CALLS.exportWorkflow.path), (request: Asked, reply) => {
    parseQuery(NoQuery, request.query);
    const key = idOf(request, 'key');
    return answer(reply, { kind: 'export', key, nowUnixNano: clock() }, unknownKey(key));
  });

  app.get(routeOf(CALLS.getWorkflowLogs.path), (request: Asked, reply) => {
    const { limit, cursor } = parseQuery(SpansQuery, request.query);
    const key = idOf(request, 'key');
    const page = { limit: limit ?? LIMITS.graph, cursor: cursor ?? null };
    return answer(reply, { kind: 'logs', key, page, nowUnixNano: clock() }, unknownKey(key));
  });

  app.get(routeOf(CALLS.getEvent.path), (request: Asked, reply) => {
    const { limit } = parseQuery(EventQuery, request.query);
    const eventId = idOf(request, 'eventId');
    const question = { kind: 'event', eventId, limit: limit ?? LIMITS.graph, nowUnixNano: clock() } as const;
    return answer(reply, question, `No event with the ID ${JSON.stringify(eventId)} is known`);
  });

  app.get(routeOf(CALLS.getSpan.path), (request: Asked, reply) => {
    parseQuery(NoQuery, request.query);
    const { traceId, spanId } = request.params;
    const question = { kind: 'span', traceId: traceId!, spanId: spanId!, nowUnixNano: clock() } as const;
    return answer(reply, question, 'No span with these IDs is stored');
  });
}

function listQuestion(
  query: WorkflowListQuery,
  nowUnixNano: bigint,
  budgetMs: number,
): Omit<ListQuestion, 'asOf' | 'rules'> & { readonly nowUnixNano: bigint } {
  const since = query.since === undefined ? null : parseTime('since', query.since, nowUnixNano);
  const until = query.until === undefined ? null : parseTime('until', query.until, nowUnixNano);
  if (since !== null && until !== null && since >= until)
    throw new BadParameter('since must lie before until');
  return {
    kind: 'list',
    nowUnixNano,
    since,
    until,
    budgetMs,
    page: { limit: query.limit ?? LIMITS.list, cursor: query.cursor ?? null },
    filter: filterOf(query),
  };
}

function idOf(request: Asked, name: string): string {
  const id = request.params[name] ?? '';
  if (id === '') throw new BadParameter(`${name} must not be empty`);
  return id;
}

function unknownKey(key: string): string {
  return `Nothing is known by ${JSON.stringify(key)}: it is no correlation ID, trace ID, event ID or span ID of what is stored`;
}
