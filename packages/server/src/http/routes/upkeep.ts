import { CALLS, NoQuery, parseQuery } from '@upshot/api-contract';
import { StorageError } from '@upshot/storage';
import type { FastifyInstance } from 'fastify';
import { AskError } from '../../ask/AskError.js';
import type { HttpOptions } from '../HttpOptions.js';
import { sendError } from '../sendError.js';
import { type Asked, routeOf } from './answering.js';

/** What changes stored rows: `DELETE /api/workflows/{key}`, answered when no answer holds anything of it any more, and `POST /api/reindex`. */
export function addUpkeepRoutes(app: FastifyInstance, { forgetting, reindex }: HttpOptions): void {
  app.delete(routeOf(CALLS.forgetWorkflow.path), async (request: Asked, reply) => {
    parseQuery(NoQuery, request.query);
    const key = request.params.key ?? '';
    const forgotten = await forgetting.forget(key).catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
      throw new AskError(
        'unavailable',
        `The store could not delete it (${error.code}); ask again: nothing is lost by that`,
        {
          cause: error,
        },
      );
    });
    if (forgotten === null)
      return sendError(reply, 'not-found', `Nothing is known by ${JSON.stringify(key)}`);
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(forgotten));
  });

  app.post(routeOf(CALLS.reindex.path), async (request: Asked, reply) => {
    parseQuery(NoQuery, request.query);
    const step = await reindex().catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
      throw new AskError('unavailable', `The store does not answer (${error.code}); ask again`, {
        cause: error,
      });
    });
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(step));
  });
}
