import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bearerToken } from './bearerToken.js';
import type { HttpOptions } from './HttpOptions.js';
import { hostOf, isLoopback } from './loopback.js';
import { sendError } from './sendError.js';

/** Paths that load balancers and orchestrators ask, who have no token. */
const OPEN_PATHS = new Set(['/healthz', '/readyz']);

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served without a token: it holds nothing of what is stored. */
    readonly open?: boolean;
  }
}

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // Answers change with the clock, and what they tell is nobody else's.
  'cache-control': 'no-store',
};

/** Who may ask at all: the right host, the right token; and what every answer says to browsers. */
export function addGuards(app: FastifyInstance, options: HttpOptions): void {
  const hasToken = options.token === null ? null : bearerToken(options.token);
  const isOpen = (request: FastifyRequest, path: string) =>
    OPEN_PATHS.has(path) || request.routeOptions.config.open === true;
  const onLoopback = isLoopback(options.host);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    // A page of another site may have its own name resolve to 127.0.0.1 (DNS rebinding). Its requests still carry that name.
    if (onLoopback && !isLoopback(hostOf(request.headers.host) ?? '')) {
      return sendError(
        reply,
        'wrong-host',
        'Upshot listens on this machine alone: ask it as localhost or 127.0.0.1',
      );
    }
    // A page of another site may send what needs no leave of ours (a POST without a body); browsers say from where it comes.
    const { origin } = request.headers;
    if (!READING.has(request.method) && origin !== undefined && hostOfOrigin(origin) !== request.headers.host)
      return sendError(reply, 'wrong-host', 'Upshot changes nothing for pages of other sites');
    const path = request.url.split('?', 1)[0]!;
    if (hasToken && !isOpen(request, path) && !hasToken(request.headers.authorization)) {
      reply.header('www-authenticate', 'Bearer realm="upshot"');
      return sendError(reply, 'unauthorized', 'This Upshot wants a token: send Authorization: Bearer TOKEN');
    }
  });
}

function hostOfOrigin(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
