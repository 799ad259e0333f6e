import { CALLS, openApiDocument } from '@upshot/api-contract';
import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../HttpOptions.js';
import { sendError } from '../sendError.js';

/** What stands at / where the web interface was not built. */
const WELCOME = `Upshot is running. Ask it:

  GET /api/workflows                     workflows, newest first
  GET /api/workflows/KEY?format=text     one of them, by an order number, event, trace or span ID
  GET /api/openapi.json                  everything else
`;

/** What Upshot says of itself: alive, ready, its metrics, its API. */
export function addSelfRoutes(app: FastifyInstance, options: HttpOptions, hasSite: boolean): void {
  const document = JSON.stringify(openApiDocument(options.version));
  if (!hasSite) app.get('/', (_request, reply) => reply.type('text/plain; charset=utf-8').send(WELCOME));
  app.get(CALLS.getOpenApi.path, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document),
  );
  app.get(CALLS.getLiveness.path, (_request, reply) => reply.type('text/plain; charset=utf-8').send('ok\n'));
  app.get(CALLS.getReadiness.path, (_request, reply) => {
    const reason = options.notReady();
    if (reason !== null) return sendError(reply, 'unavailable', reason);
    return reply.type('text/plain; charset=utf-8').send('ready\n');
  });
  app.get(CALLS.getMetrics.path, async (_request, reply) => {
    const { text, contentType } = await options.metrics.text();
    return reply.type(contentType).send(text);
  });
}
