import http2 from 'node:http2';

export interface GrpcAnswer {
  readonly httpStatus: number;
  readonly status: number;
  readonly message: string;
  readonly details: Buffer | null;
  /** The message inside the response's frame; null where there is none. */
  readonly response: Buffer | null;
}

export interface GrpcCall {
  readonly path?: string;
  readonly headers?: http2.OutgoingHttpHeaders;
  /** What is written, piece by piece, each in a DATA frame of its own. */
  readonly pieces: readonly Buffer[];
}

export const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

export function frame(message: Buffer, compressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = compressed ? 1 : 0;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** One call on a connection of its own, with gRPC's framing in the test's hands. */
export async function grpcCall(
  url: string,
  { path = EXPORT, headers = {}, pieces }: GrpcCall,
): Promise<GrpcAnswer> {
  const session = http2.connect(url);
  try {
    return await new Promise<GrpcAnswer>((resolve, reject) => {
      session.on('error', reject);
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...headers,
      });
      const parts: Buffer[] = [];
      let head: http2.IncomingHttpHeaders = {};
      let trailers: http2.IncomingHttpHeaders = {};
      stream.on('response', (received) => {
        head = received;
      });
      stream.on('trailers', (received) => {
        trailers = received;
      });
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('error', reject);
      stream.on('close', () => {
        const end = { ...head, ...trailers };
        const body = Buffer.concat(parts);
        const details = end['grpc-status-details-bin'];
        resolve({
          httpStatus: Number(head[':status']),
          status: Number(end['grpc-status'] ?? -1),
          message: decodeURIComponent(String(end['grpc-message'] ?? '')),
          details: details === undefined ? null : Buffer.from(String(details), 'base64'),
          response: body.length < 5 ? null : body.subarray(5),
        });
      });
      void (async () => {
        for (const piece of pieces) {
          stream.write(piece);
          await new Promise((next) => setImmediate(next));
        }
        stream.end();
      })();
    });
  } finally {
    session.destroy();
  }
}
