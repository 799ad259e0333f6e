import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { BytesInFlight, Lease } from '../intake/BytesInFlight.js';
import type { Ingest } from '../intake/Ingest.js';
import { ReceiverError, SenderGone } from '../intake/ReceiverError.js';
import type { ReceiverLimits } from '../intake/ReceiverLimits.js';
import type { ReceiverObserver } from '../intake/ReceiverObserver.js';
import { BodyPool } from './BodyPool.js';
import { type HttpAnswer, type HttpRoute, mediaType } from './HttpRoute.js';
import { encodingOf, inflate } from './inflate.js';
import { readBody, tooLarge } from './readBody.js';

export interface HttpReceiverOptions {
  readonly routes: ReadonlyMap<string, HttpRoute>;
  readonly ingest: Ingest;
  readonly inFlight: BytesInFlight;
  readonly limits: ReceiverLimits;
  readonly observer: ReceiverObserver;
  readonly authorize?: (header: string | undefined) => boolean;
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
}

/** How long the rest of a refused body is read and thrown away, so that its sender gets to see the answer. */
const LINGER_MS = 2000;
/** How long connections may take to finish what they have begun, when the receiver closes. */
const CLOSING_MS = 15_000;

/** POST requests on HTTP/1.1: reads, inflates and hands over bodies within the limits, and answers. */
export class HttpReceiver {
  private readonly server: Server;
  private closing = false;
  private readonly bodies = new BodyPool();

  constructor(private readonly options: HttpReceiverOptions) {
    const { limits, tls } = options;
    const settings = {
      headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.idleTimeoutMs,
      connectionsCheckingInterval: Math.max(100, Math.min(5000, limits.headersTimeoutMs / 2)),
      noDelay: true,
    };
    this.server = tls ? createTlsServer({ ...settings, ...tls }) : createServer(settings);
    this.server.maxConnections = limits.connections;
    this.server.on('request', (request, response) => void this.serve(request, response, false));
    this.server.on('checkContinue', (request, response) => void this.serve(request, response, true));
  }

  /** Resolves with the port. Rejects where it is taken. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no further connection, answers what was begun, and resolves when all is closed. */
  close(): Promise<void> {
    this.closing = true;
    return new Promise((resolve) => {
      const force = setTimeout(() => this.server.closeAllConnections(), CLOSING_MS);
      this.server.close(() => {
        clearTimeout(force);
        resolve();
      });
      this.server.closeIdleConnections();
    });
  }

  private async serve(
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ): Promise<void> {
    const started = performance.now();
    const { inFlight, observer, routes } = this.options;
    const route = routes.get(pathOf(request.url ?? '/'));
    const contentType = mediaType(request.headers['content-type']);
    const lease = inFlight.lease();
    const received = { bytes: 0 };
    let answer: HttpAnswer;
    let error: ReceiverError | null = null;
    try {
      if (route === undefined) throw this.notFound(request);
      this.admit(request, route, contentType);
      if (expectsContinue) response.writeContinue();
      answer = await this.handle(route, request, contentType, received, lease);
    } catch (thrown) {
      if (thrown instanceof SenderGone) return;
      if (!(thrown instanceof ReceiverError)) observer.error?.(thrown);
      error =
        thrown instanceof ReceiverError
          ? thrown
          : new ReceiverError('internal', 'something went wrong here: try again later', { cause: thrown });
      answer = (route ?? this.anyRoute()).refusal(error, contentType);
    } finally {
      lease.release();
    }
    this.send(request, response, answer, error);
    observer.request?.({
      transport: 'http',
      signal: route?.signal ?? 'none',
      code: answer.status,
      bodyBytes: received.bytes,
      seconds: (performance.now() - started) / 1000,
    });
  }

  /** Refuses what can be refused before the body is read. */
  private admit(request: IncomingMessage, route: HttpRoute, contentType: string): void {
    const { authorize, ingest, limits } = this.options;
    const { headers } = request;
    if (request.method !== 'POST') {
      throw new ReceiverError('method-not-allowed', `${request.method} is not served here: use POST`);
    }
    if (authorize !== undefined && !authorize(headers.authorization)) {
      throw new ReceiverError('unauthenticated', 'a valid Authorization: Bearer token is required');
    }
    route.check(contentType, headers);
    if (encodingOf(headers['content-encoding']) === null) {
      throw new ReceiverError(
        'unsupported-encoding',
        `Content-Encoding ${headers['content-encoding']} is not understood: send gzip, deflate or identity`,
      );
    }
    if (Number(headers['content-length'] ?? 0) > limits.bodyBytes) throw tooLarge(limits.bodyBytes);
    if (this.closing || ingest.pressure === 'closed') {
      throw new ReceiverError('closing', 'the receiver is shutting down: try again later');
    }
    if (ingest.pressure === 'failing') {
      throw new ReceiverError('store-failed', 'the store fails for now: try again later');
    }
  }

  private async handle(
    route: HttpRoute,
    request: IncomingMessage,
    contentType: string,
    received: { bytes: number },
    lease: Lease,
  ): Promise<HttpAnswer> {
    const { bodyBytes, inflatedBytes } = this.options.limits;
    const encoding = encodingOf(request.headers['content-encoding']) ?? 'identity';
    const isRead = encoding === 'identity' && route.copies(contentType);
    const room = isRead ? this.bodies.take(Number(request.headers['content-length'] ?? 0)) : null;
    try {
      const body = await readBody(request, bodyBytes, lease, room);
      received.bytes = body.length;
      const inflated = await inflate(body, encoding, inflatedBytes, lease);
      // Returned, not awaited: the bodies end with this call.
      return route.answer({ body: inflated, contentType, headers: request.headers, lease });
    } finally {
      if (room !== null) this.bodies.give(room);
    }
  }

  private send(
    request: IncomingMessage,
    response: ServerResponse,
    answer: HttpAnswer,
    error: ReceiverError | null,
  ): void {
    if (response.destroyed || response.headersSent) return;
    const headers: Record<string, string | number> = {
      'content-type': answer.contentType,
      'content-length': answer.body.length,
    };
    if (error?.retryable) headers['retry-after'] = this.options.limits.retryAfterSeconds;
    if (error?.code === 'method-not-allowed') headers.allow = 'POST';
    if (error?.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer';
    if (error?.code === 'unsupported-encoding') headers['accept-encoding'] = 'gzip, deflate, identity';
    const unread = error !== null && !request.complete;
    const isLong = unread && bodyLength(request) > this.options.limits.bodyBytes;
    if (this.closing || isLong) headers.connection = 'close';
    response.writeHead(answer.status, headers);
    if (!isLong) {
      if (unread) request.resume();
      response.end(answer.body);
      return;
    }
    // Closing now would reset the connection under a sender that still writes, and take the answer with it.
    response.write(answer.body);
    const end = (): void => {
      clearTimeout(linger);
      response.end();
    };
    const linger = setTimeout(end, LINGER_MS);
    request.on('error', end).on('close', end).on('end', end).resume();
  }

  private notFound(request: IncomingMessage): ReceiverError {
    const paths = [...this.options.routes.keys()].join(' and ');
    return new ReceiverError(
      'not-found',
      `nothing is served at ${pathOf(request.url ?? '/')}: POST to ${paths}`,
    );
  }

  private anyRoute(): HttpRoute {
    return this.options.routes.values().next().value!;
  }
}

/** What the headers say of the body's length; a chunked one may have any. */
function bodyLength({ headers }: IncomingMessage): number {
  return headers['transfer-encoding'] === undefined
    ? Number(headers['content-length'] ?? 0)
    : Number.POSITIVE_INFINITY;
}

function pathOf(url: string): string {
  const path = url.split('?', 1)[0]!;
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
