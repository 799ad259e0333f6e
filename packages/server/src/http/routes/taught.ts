import {
  BadParameter,
  CALLS,
  FindingGroupsQuery,
  FindingsQuery,
  LIMITS,
  MuteBody,
  NoQuery,
  parseDuration,
  parseQuery,
  parseTime,
  type RangeQuery,
  RangeQuery as RangeSchema,
} from '@upshot/api-contract';
import type { FindingKind } from '@upshot/model';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Value } from 'typebox/value';
import type { PropagationQuestion, Question } from '../../ask/Question.js';
import type { HttpOptions } from '../HttpOptions.js';
import { type Asked, routeOf, sendAnswer } from './answering.js';

/** The calls that are answered from what many workflows teach. */
export function addTaughtRoutes(app: FastifyInstance, options: HttpOptions): void {
  const { asker, clock, rollUp, mutes } = options;

  const taught = async (
    reply: FastifyReply,
    kind: PropagationQuestion['kind'],
    query: RangeQuery,
    findingKind: FindingKind | null = null,
  ) => {
    await rollUp.caughtUp();
    const nowUnixNano = clock();
    const asOf = rollUp.asOfAt(nowUnixNano);
    const range = rangeOf(query, nowUnixNano);
    const { sampledOneIn } = rollUp;
    const question: Question = { kind, ...range, findingKind, rules: '', asOf, sampledOneIn, nowUnixNano };
    return sendAnswer(asker, reply, question);
  };

  app.get(routeOf(CALLS.getPropagation.path), (request: Asked, reply) =>
    taught(reply, 'propagation', parseQuery(RangeSchema, request.query)),
  );

  app.get(routeOf(CALLS.getTopology.path), (request: Asked, reply) =>
    taught(reply, 'topology', parseQuery(RangeSchema, request.query)),
  );

  app.get(routeOf(CALLS.listFindingGroups.path), (request: Asked, reply) => {
    const query = parseQuery(FindingGroupsQuery, request.query);
    return taught(reply, 'finding-groups', query, query.kind ?? null);
  });

  app.get(routeOf(CALLS.listFindings.path), async (request: Asked, reply) => {
    const query = parseQuery(FindingsQuery, request.query);
    await rollUp.caughtUp();
    const nowUnixNano = clock();
    return sendAnswer(asker, reply, {
      kind: 'findings',
      ...rangeOf(query, nowUnixNano),
      findingKind: query.kind ?? null,
      page: { limit: query.limit ?? LIMITS.list, cursor: query.cursor ?? null },
      nowUnixNano,
    });
  });

  app.post(routeOf(CALLS.rebuildRollUps.path), (request: Asked, reply) => {
    parseQuery(NoQuery, request.query);
    rollUp.rebuild();
    return reply.status(202).send();
  });

  app.put(routeOf(CALLS.muteFindingGroup.path), async (request: Asked, reply) => {
    parseQuery(NoQuery, request.query);
    const { body } = request;
    if (!Value.Check(MuteBody, body))
      throw new BadParameter(
        'the body must be JSON like {"reason": "known, see ticket 17", "for": "7d"}; untilUnixNano may stand instead of for',
      );
    const nowUnixNano = clock();
    await mutes.set(
      groupOf(request),
      { reason: body.reason, untilUnixNano: endOf(body, nowUnixNano) },
      nowUnixNano,
    );
    return reply.status(204).send();
  });

  app.delete(routeOf(CALLS.unmuteFindingGroup.path), async (request: Asked, reply) => {
    parseQuery(NoQuery, request.query);
    await mutes.delete(groupOf(request), clock());
    return reply.status(204).send();
  });
}

function endOf(body: MuteBody, nowUnixNano: bigint): string | null {
  if (body.for === undefined) return body.untilUnixNano ?? null;
  const duration = parseDuration(body.for);
  if (duration === null)
    throw new BadParameter(`for must be a duration such as 8h or 7d, and is ${JSON.stringify(body.for)}`);
  return String(nowUnixNano + duration);
}

function groupOf(request: Asked): string {
  const id = request.params.id ?? '';
  if (!/^[0-9a-f]{16}$/.test(id))
    throw new BadParameter('id must be the id of a group of findings: 16 hex digits');
  return id;
}

function rangeOf(query: RangeQuery, nowUnixNano: bigint): { since: bigint | null; until: bigint | null } {
  const since = query.since === undefined ? null : parseTime('since', query.since, nowUnixNano);
  const until = query.until === undefined ? null : parseTime('until', query.until, nowUnixNano);
  if (since !== null && until !== null && since >= until)
    throw new BadParameter('since must lie before until');
  return { since, until };
}
