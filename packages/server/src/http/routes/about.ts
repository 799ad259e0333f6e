import { type About, CALLS } from '@upshot/api-contract';
import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../HttpOptions.js';

/** What a page has to know of the server that serves it: where telemetry goes, and where else traces can be seen. */
export function addAboutRoute(app: FastifyInstance, options: HttpOptions): void {
  app.get(CALLS.getAbout.path, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(
      JSON.stringify({
        version: options.version,
        otlpHttpUrl: options.otlpHttpUrl,
        otlpGrpcUrl: options.otlpGrpcUrl,
        traceLinks: [...options.traceLinks],
      } satisfies About),
    ),
  );
}
