import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readSite, type SiteFile } from '../site/SiteFiles.js';

/**
 * What the page may do: load what this port serves, and nothing else. Inline styles of libraries go through the CSSOM, which this
 * does not forbid; the markup holds none.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Paths that the page itself interprets. A path beside them is no page, and is answered as any unknown path. */
const PAGES = [
  '/',
  '/workflows',
  '/workflows/*',
  '/events/*',
  '/topology',
  '/propagation',
  '/findings',
  '/conventions',
];
const A_YEAR = 'public, max-age=31536000, immutable';

/**
 * Serves the built web interface, where there is one. The page holds nothing of what is stored, so it takes no token: it asks for one and
 * sends it with its calls.
 */
export function addSiteRoutes(app: FastifyInstance, directory: string | null): boolean {
  const files = readSite(directory);
  if (!files) return false;
  const open = { config: { open: true } };
  const index = files.get('/index.html')!;
  const page = (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('content-security-policy', PAGE_POLICY);
    return send(request, reply, index);
  };
  for (const path of PAGES) app.get(path, open, page);
  for (const [path, file] of files) {
    if (file !== index) app.get(path, open, (request, reply) => send(request, reply, file));
  }
  return true;
}

function send(request: FastifyRequest, reply: FastifyReply, file: SiteFile): FastifyReply {
  // The page itself is asked for anew each time: it names the files of the build that runs.
  reply.header('cache-control', file.immutable ? A_YEAR : 'no-cache').type(file.type);
  // A worker obeys the policy of its own answer.
  if (file.type.startsWith('text/javascript')) reply.header('content-security-policy', PAGE_POLICY);
  const gzipped = file.gzipped();
  if (!gzipped) return reply.send(file.body);
  reply.header('vary', 'accept-encoding');
  const takesGzip = /(?:^|[\s,])gzip(?:$|[\s,;])(?!\s*q=0(?:$|[\s,.]))/i.test(
    request.headers['accept-encoding'] ?? '',
  );
  return takesGzip ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(file.body);
}
