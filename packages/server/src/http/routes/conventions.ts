import { CALLS, type Conventions, NoQuery, parseQuery } from '@upshot/api-contract';
import { rulesIdOf } from '@upshot/knowledge';
import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../HttpOptions.js';
import type { Asked } from './answering.js';

/** The rules in force, as they were written, and how far services keep them. */
export function addConventionsRoute(app: FastifyInstance, options: HttpOptions): void {
  const { asker, clock, conventions, rollUp } = options;
  app.get(CALLS.getConventions.path, async (request: Asked): Promise<Conventions> => {
    parseQuery(NoQuery, request.query);
    const inForce = conventions();
    if (inForce === null) return { traceConventions: {}, services: [] };
    await rollUp.caughtUp();
    const nowUnixNano = clock();
    const body = await asker.ask({
      kind: 'compliance',
      since: null,
      until: null,
      findingKind: null,
      rules: rulesIdOf(inForce.document),
      sampledOneIn: 1,
      asOf: rollUp.asOfAt(nowUnixNano),
      nowUnixNano,
    });
    const services = JSON.parse(new TextDecoder().decode(body!)) as Conventions['services'];
    return { traceConventions: { ...inForce.document }, services };
  });
}
