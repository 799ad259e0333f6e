import { BadParameter, CALLS } from '@upshot/api-contract';
import type { FastifyError, FastifyInstance } from 'fastify';
import { AskError } from '../ask/AskError.js';
import type { HttpOptions } from './HttpOptions.js';
import { sendError } from './sendError.js';

/** What callers hear when something goes wrong: always the API's form, never a stack trace. */
export function addFailures(app: FastifyInstance, options: HttpOptions): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof BadParameter) return sendError(reply, 'bad-request', error.message);
    if (error instanceof AskError) {
      if (error.cause) options.onError(error.cause);
      return sendError(reply, error.code, error.message);
    }
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return sendError(reply, 'bad-request', error.message);
    }
    options.onError(error);
    return sendError(reply, 'internal', 'Upshot failed to answer; its log says why');
  });

  const paths = Object.values(CALLS).map((call) => call.path);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]!;
    if (request.method === 'OPTIONS') return reply.code(204).header('allow', ALLOWED).send();
    if (isKnown(path, paths)) {
      reply.header('allow', ALLOWED);
      return sendError(reply, 'method-not-allowed', `${request.method} is not for ${path}: use GET`);
    }
    return sendError(reply, 'not-found', `There is no ${path} here; /api/openapi.json says what there is`);
  });
}

const ALLOWED = 'GET, HEAD, OPTIONS';

function isKnown(path: string, paths: readonly string[]): boolean {
  return paths.some((known) => new RegExp(`^${known.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path));
}
