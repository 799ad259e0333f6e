import { CALLS, LIMITS, LiveQuery, parseQuery, type RawQuery } from '@upshot/api-contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { LiveAnswers } from '../../live/LiveAnswers.js';
import type { HttpOptions } from '../HttpOptions.js';
import { sendError } from '../sendError.js';

/** Proxies cut connections that say nothing; the shortest common limit is 30 s. */
const HEARTBEAT_MS = 15_000;
/** Milliseconds after which a browser whose stream broke comes back. */
const RETRY_MS = 2000;
/** A reader that has so much unread before it is skipped until it has read on: what it misses is in the next answer. */
const UNREAD_BYTES = 1024 * 1024;

type Asked = FastifyRequest<{ Params: { key: string }; Querystring: RawQuery }>;

/** `GET /api/workflows/{key}/live`: the workflow as server-sent events, at once and whenever it changes. */
export function addLiveRoute(app: FastifyInstance, options: HttpOptions, live: LiveAnswers): void {
  const path = CALLS.watchWorkflow.path.replace('{key}', ':key');
  app.get(path, { exposeHeadRoute: false }, async (request: Asked, reply) => {
    const { limit = LIMITS.graph } = parseQuery(LiveQuery, request.query);
    const { key } = request.params;
    const raw = reply.raw;
    const page = { limit, cursor: null };
    let waiting: Uint8Array | null = null;
    const write = (body: Uint8Array) => {
      if (raw.writableLength > UNREAD_BYTES) {
        waiting = body;
        return;
      }
      waiting = null;
      // JSON.stringify puts no line break into JSON, so an answer is one `data:` line.
      raw.write('data: ');
      raw.write(body);
      raw.write('\n\n');
    };
    const early: Uint8Array[] = [];
    let begun = false;
    const leave = await live.watch(
      `${limit} ${key}`,
      () => ({
        kind: 'workflow',
        key,
        format: 'json',
        page,
        nowUnixNano: options.clock(),
        conventions: options.conventions()?.rules ?? null,
      }),
      {
        changed: (body) => (begun ? write(body) : early.push(body)),
        ended: () => raw.end(),
      },
    );
    if (leave === null)
      return sendError(
        reply,
        'not-found',
        `Nothing is known by ${JSON.stringify(key)}: it is no correlation ID, trace ID, event ID or span ID of what is stored`,
      );
    if (raw.destroyed) {
      leave();
      return reply;
    }
    reply.hijack();
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
    raw.write(`retry: ${RETRY_MS}\n\n`);
    begun = true;
    const latest = early.at(-1);
    if (latest) write(latest);
    const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);
    raw.on('drain', () => {
      if (waiting) write(waiting);
    });
    raw.on('close', () => {
      clearInterval(heartbeat);
      leave();
    });
    return reply;
  });
  // Streams do not end by themselves, and a server that closes waits for its connections.
  app.addHook('preClose', async () => live.close());
}
