import Fastify, { type FastifyInstance } from 'fastify';
import { closeUnused } from './closeUnused.js';
import { addFailures } from './failures.js';
import { addGuards } from './guards.js';
import type { HttpOptions } from './HttpOptions.js';
import { addAboutRoute } from './routes/about.js';
import { addConventionsRoute } from './routes/conventions.js';
import { addLiveRoute } from './routes/live.js';
import { addQuestionRoutes } from './routes/questions.js';
import { addSelfRoutes } from './routes/self.js';
import { addSiteRoutes } from './routes/site.js';
import { addTaughtRoutes } from './routes/taught.js';
import { addUpkeepRoutes } from './routes/upkeep.js';
import { sendError } from './sendError.js';

const LIMITS = {
  /** What this port takes is a reason and a time. */
  bodyBytes: 64 * 1024,
  /** A key is an ID that a sender chose; longer ones than this are refused at ingest. */
  parameterCharacters: 4096,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 75_000,
  connections: 1024,
};

/** The UI port's server, not yet listening. */
export function createUiServer(options: HttpOptions): FastifyInstance {
  const app = Fastify({
    ...(options.tls ? { https: { ...options.tls, minVersion: 'TLSv1.2' as const } } : {}),
    logger: false,
    bodyLimit: LIMITS.bodyBytes,
    requestTimeout: LIMITS.requestMs,
    keepAliveTimeout: LIMITS.idleMs,
    http: { headersTimeout: LIMITS.headersMs },
    routerOptions: { maxParamLength: LIMITS.parameterCharacters, ignoreTrailingSlash: true },
    exposeHeadRoutes: true,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => sendError(reply, 'bad-request', error.message),
  }) as unknown as FastifyInstance;
  app.server.maxConnections = LIMITS.connections;
  closeUnused(app, options.tls !== undefined && options.tls !== null);
  addGuards(app, options);
  addFailures(app, options);
  options.metrics.watchRequests(app);
  const hasSite = addSiteRoutes(app, options.site);
  addSelfRoutes(app, options, hasSite);
  addAboutRoute(app, options);
  addQuestionRoutes(app, options);
  addLiveRoute(app, options, options.live);
  addUpkeepRoutes(app, options);
  addConventionsRoute(app, options);
  addTaughtRoutes(app, options);
  return app;
}
