import { CALLS, type Conventions, NoQuery, parseQuery, type RawQuery } from '@upshot/api-contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpOptions } from '../HttpOptions.js';

/** The rules in force, as they were written, and how far services keep them. */
export function addConventionsRoute(app: FastifyInstance, { conventions }: HttpOptions): void {
  app.get(CALLS.getConventions.path, (request: FastifyRequest<{ Querystring: RawQuery }>): Conventions => {
    parseQuery(NoQuery, request.query);
    return { traceConventions: { ...conventions()?.document }, services: [] };
  });
}
