import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { encodingOf, inflate } from '../http/inflate.js';
import type { BytesInFlight, Lease } from '../intake/BytesInFlight.js';
import type { Ingest } from '../intake/Ingest.js';
import { busy, ReceiverError, SenderGone } from '../intake/ReceiverError.js';
import type { ReceiverLimits } from '../intake/ReceiverLimits.js';
import type { ReceiverObserver } from '../intake/ReceiverObserver.js';
import { rpcStatus } from '../otlp/rpcStatus.js';
import { type Frame, FrameReader, frameOf } from './FrameReader.js';
import { encodeGrpcMessage, GrpcError, type GrpcStatus, grpcStatusOf } from './GrpcError.js';
import type { GrpcMethod } from './GrpcMethod.js';

export interface GrpcReceiverOptions {
  /** By path: `/package.Service/Method`. */
  readonly methods: ReadonlyMap<string, GrpcMethod>;
  readonly ingest: Ingest;
  readonly inFlight: BytesInFlight;
  readonly limits: ReceiverLimits;
  readonly observer: ReceiverObserver;
  readonly authorize?: (header: string | undefined) => boolean;
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
}

/** How much a sender may have under way on one stream and on one connection before it must hear from us. */
const WINDOW_BYTES = 1024 * 1024;
const CLOSING_MS = 15_000;
const CONTENT_TYPE = 'application/grpc+proto';

/**
 * Unary gRPC on HTTP/2, framed by hand: half the CPU of the general-purpose library (400 µs against 830 µs per 222 KB request), and
 * messages reach the decoder as they came.
 */
export class GrpcReceiver {
  private readonly server: Http2Server;
  private readonly sessions = new Set<ServerHttp2Session>();
  private closing = false;

  constructor(private readonly options: GrpcReceiverOptions) {
    const { limits, tls } = options;
    const settings = {
      settings: { initialWindowSize: WINDOW_BYTES, maxConcurrentStreams: limits.streamsPerConnection },
    };
    this.server = tls ? createSecureServer({ ...settings, ...tls }) : createServer(settings);
    (this.server as unknown as { maxConnections: number }).maxConnections = limits.connections;
    this.server.on('session', (session) => this.track(session));
    this.server.on('stream', (stream, headers) => void this.serve(stream, headers));
    // A connection that breaks or speaks no HTTP/2 concerns nobody but its sender.
    this.server.on('sessionError', () => {});
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

  /** Takes no further connection or call, answers what was begun, and resolves when all is closed. */
  close(): Promise<void> {
    this.closing = true;
    return new Promise((resolve) => {
      const force = setTimeout(() => {
        for (const session of this.sessions) session.destroy();
      }, CLOSING_MS);
      this.server.close(() => {
        clearTimeout(force);
        resolve();
      });
      for (const session of this.sessions) session.close();
    });
  }

  private track(session: ServerHttp2Session): void {
    const { limits } = this.options;
    this.sessions.add(session);
    session.setLocalWindowSize(WINDOW_BYTES * 4);
    session.setTimeout(limits.idleTimeoutMs, () => session.close());
    session.on('error', () => {});
    session.on('close', () => this.sessions.delete(session));
  }

  private async serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const started = performance.now();
    const { inFlight, methods, observer } = this.options;
    // Without a listener the error of one stream would end the process. `close` follows, and says all there is to say.
    stream.on('error', () => {});
    if (!(headers['content-type'] ?? '').startsWith('application/grpc')) {
      stream.respond({ ':status': 415 }, { endStream: true });
      stream.resume();
      return;
    }
    const method = methods.get(headers[':path'] ?? '');
    const lease = inFlight.lease();
    const received = { bytes: 0 };
    let code = 0;
    try {
      if (method === undefined) throw new GrpcError(12, `there is no method ${headers[':path']}`);
      this.admit(headers);
      sendMessage(stream, await this.handle(method, stream, headers, received, lease));
    } catch (error) {
      if (error instanceof SenderGone) return;
      let status = grpcStatusOf(error);
      if (status === null) {
        observer.error?.(error);
        status = { code: 14, message: 'something went wrong here: try again later', retryable: true };
      }
      code = status.code;
      this.sendStatus(stream, status);
    } finally {
      lease.release();
    }
    const seconds = (performance.now() - started) / 1000;
    observer.request?.({
      transport: 'grpc',
      signal: method?.signal ?? 'none',
      code,
      bodyBytes: received.bytes,
      seconds,
    });
  }

  private admit(headers: IncomingHttpHeaders): void {
    const { authorize, ingest } = this.options;
    if (authorize !== undefined && !authorize(headers.authorization)) {
      throw new ReceiverError('unauthenticated', 'a valid authorization: Bearer token is required');
    }
    if (encodingOf(headers['grpc-encoding'] as string | undefined) === null) {
      throw new ReceiverError(
        'unsupported-encoding',
        `grpc-encoding ${headers['grpc-encoding']} is not understood`,
      );
    }
    if (this.closing || ingest.pressure === 'closed') {
      throw new ReceiverError('closing', 'the receiver is shutting down: try again later');
    }
    if (ingest.pressure === 'failing') {
      throw new ReceiverError('store-failed', 'the store fails for now: try again later');
    }
  }

  private async handle(
    method: GrpcMethod,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    received: { bytes: number },
    lease: Lease,
  ): Promise<Buffer> {
    const frames = await readFrames(stream, this.options.limits, lease);
    received.bytes = frames.reduce((sum, frame) => sum + frame.message.length, 0);
    const messages = await this.messagesOf(frames, headers, lease);
    // Returned, not awaited: the messages end with this call.
    return method.answer(messages, lease);
  }

  private async messagesOf(
    frames: readonly Frame[],
    headers: IncomingHttpHeaders,
    lease: Lease,
  ): Promise<Buffer[]> {
    if (frames.length === 0) throw new GrpcError(3, 'the call carries no message');
    const encoding = encodingOf(headers['grpc-encoding'] as string | undefined) ?? 'identity';
    const messages: Buffer[] = [];
    let left = this.options.limits.inflatedBytes;
    for (const { compressed, message } of frames) {
      if (compressed && encoding === 'identity') {
        throw new GrpcError(13, 'a message is compressed, but grpc-encoding does not say how');
      }
      const inflated = compressed ? await inflate(message, encoding, left, lease) : message;
      left -= inflated.length;
      messages.push(inflated);
    }
    return messages;
  }

  /** Ends a call that has not been answered with a status alone ("Trailers-Only"). */
  private sendStatus(stream: ServerHttp2Stream, status: GrpcStatus): void {
    if (stream.destroyed || stream.headersSent) return;
    const retryAfterSeconds = status.retryable ? this.options.limits.retryAfterSeconds : null;
    const details = rpcStatus({ code: status.code, message: status.message, retryAfterSeconds }, 'protobuf');
    stream.respond(
      {
        ':status': 200,
        'content-type': CONTENT_TYPE,
        'grpc-accept-encoding': 'identity,deflate,gzip',
        'grpc-status': String(status.code),
        'grpc-message': encodeGrpcMessage(status.message),
        'grpc-status-details-bin': details.toString('base64'),
      },
      { endStream: true },
    );
    // What the sender still had to say is thrown away; RST_STREAM with NO_ERROR asks it to stop (RFC 9113, section 8.1).
    if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  }
}

function sendMessage(stream: ServerHttp2Stream, message: Buffer): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond({ ':status': 200, 'content-type': CONTENT_TYPE }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(frameOf(message));
}

/** All frames of a call, once the sender has ended its side. */
function readFrames(
  stream: ServerHttp2Stream,
  limits: ReceiverLimits,
  lease: Lease,
): Promise<readonly Frame[]> {
  return new Promise((resolve, reject) => {
    const reader = new FrameReader(limits.bodyBytes);
    let length = 0;
    const late = setTimeout(
      () => fail(new GrpcError(4, 'the request did not arrive in time')),
      limits.requestTimeoutMs,
    );
    const settle = (): void => {
      clearTimeout(late);
      stream.off('data', onData);
      stream.off('end', onEnd);
      stream.off('close', onClose);
    };
    const fail = (error: unknown): void => {
      settle();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      try {
        if (length > limits.bodyBytes + 1024) {
          throw new GrpcError(8, `the call is larger than ${limits.bodyBytes} bytes: send it in parts`);
        }
        if (!lease.grow(chunk.length)) throw busy();
        reader.push(chunk);
      } catch (error) {
        fail(error);
      }
    };
    const onEnd = (): void => {
      try {
        const frames = reader.end();
        settle();
        resolve(frames);
      } catch (error) {
        fail(error);
      }
    };
    const onClose = (): void => fail(new SenderGone('the stream ended before the message did'));
    stream.on('data', onData);
    stream.on('end', onEnd);
    stream.on('close', onClose);
  });
}
