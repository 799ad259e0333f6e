import http2 from 'node:http2';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { MalformedProtobuf } from '@upshot/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadField } from '../src/otlp/json/fields.js';
import { request } from './support/arbitraries.js';
import { decodeJson, decodeProtobuf } from './support/decodeBody.js';
import { toJson, toProtobuf } from './support/encodings.js';
import { EXPORT, frame, grpcCall } from './support/grpcCall.js';
import { damage, fuzzRuns } from './support/mutations.js';
import { JSON_TYPE, PROTOBUF, post, type Running, run } from './support/running.js';
import { requestOf, sampleLink, sampleSpan, textAttribute } from './support/sample.js';

const LONG_MS = 120_000;
const rich = requestOf(
  sampleSpan({
    kind: 5,
    attributes: [
      textAttribute('messaging.message.id', 'm'),
      textAttribute('messaging.destination.name', 'd'),
    ],
    events: [{ time: 5n, name: 'exception', attributes: [textAttribute('exception.type', 'E')], dropped: 1 }],
    links: [sampleLink({ attributes: [textAttribute('messaging.message.id', 'l')] })],
    status: { code: 2, message: 'failed' },
  }),
  sampleSpan(),
);

describe('damaged bodies', () => {
  it(
    'in protobuf are undecodable, or leave rows that can be read',
    () => {
      fc.assert(
        fc.property(request, damage, (sent, damaged) => {
          for (const whole of [sent, rich]) {
            try {
              decodeProtobuf(damaged(toProtobuf(whole)));
            } catch (error) {
              expect(error).toBeInstanceOf(MalformedProtobuf);
            }
          }
        }),
        fuzzRuns(3000),
      );
    },
    LONG_MS,
  );

  it(
    'in JSON are undecodable, or leave rows that can be read',
    () => {
      fc.assert(
        fc.property(request, damage, (sent, damaged) => {
          for (const whole of [sent, rich]) {
            try {
              decodeJson(damaged(Buffer.from(toJson(whole))).toString());
            } catch (error) {
              expect(error instanceof SyntaxError || error instanceof BadField).toBe(true);
            }
          }
        }),
        fuzzRuns(2000),
      );
    },
    LONG_MS,
  );

  it(
    'in JSON with any value in the place of any other: one span refused, or the body, and nothing else',
    () => {
      const odd = fc.jsonValue({ maxDepth: 2 });
      fc.assert(
        fc.property(fc.nat(), odd, (pick, value) => {
          const tree = JSON.parse(toJson(rich)) as object;
          const places = placesIn(tree);
          const [holder, key] = places[pick % places.length]!;
          (holder as Record<string, unknown>)[key] = value;
          try {
            const { spans, refusals } = decodeJson(tree);
            expect(spans.length + refusals.count).toBeLessThanOrEqual(Math.max(2, count(value)));
          } catch (error) {
            expect(error).toBeInstanceOf(BadField);
          }
        }),
        fuzzRuns(3000),
      );
    },
    LONG_MS,
  );

  it(
    'over HTTP: 200, 400, 413, and never another answer or none',
    async () => {
      const receiver = await run({ limits: { inflatedBytes: 1_000_000 } });
      const kinds = fc.constantFrom<[string, Record<string, string>, Buffer]>(
        ['/v1/traces', PROTOBUF, toProtobuf(rich)],
        ['/v1/traces', JSON_TYPE, Buffer.from(toJson(rich))],
        ['/v1/traces', { ...PROTOBUF, 'content-encoding': 'gzip' }, gzipSync(toProtobuf(rich))],
        ['/v1/events', JSON_TYPE, Buffer.from('[{"eventId":"e","eventName":"n","attempt":1}]')],
        [
          '/v1/events',
          { 'content-type': 'application/x-ndjson' },
          Buffer.from('{"eventId":"e","eventName":"n"}\n{}'),
        ],
        [
          '/v1/events',
          { 'content-type': 'application/cloudevents+json' },
          Buffer.from('{"specversion":"1.0","id":"1","source":"s","type":"t","time":"2026-01-01T00:00:00Z"}'),
        ],
      );
      await fc.assert(
        fc.asyncProperty(kinds, damage, async ([path, headers, body], damaged) => {
          const { status } = await post(receiver.httpUrl + path, { headers, body: damaged(body) });
          expect([200, 400, 413]).toContain(status);
        }),
        fuzzRuns(600),
      );
      await isWell(receiver);
    },
    LONG_MS,
  );

  it(
    'over gRPC: a status that says whose fault it was',
    async () => {
      const receiver = await run({ limits: { inflatedBytes: 1_000_000, requestTimeoutMs: 2000 } });
      await fc.assert(
        fc.asyncProperty(damage, fc.boolean(), fc.boolean(), async (damaged, gzip, inside) => {
          const message = gzip ? gzipSync(toProtobuf(rich)) : toProtobuf(rich);
          const bytes = inside ? frame(damaged(message), gzip) : damaged(frame(message, gzip));
          const headers = gzip ? { 'grpc-encoding': 'gzip' } : {};
          const { status } = await grpcCall(receiver.grpcUrl, { headers, pieces: [bytes] });
          // OK, INVALID_ARGUMENT, RESOURCE_EXHAUSTED (a length beyond the limit), INTERNAL (broken frames).
          expect([0, 3, 8, 13]).toContain(status);
        }),
        fuzzRuns(300),
      );
      await isWell(receiver);
    },
    LONG_MS,
  );
});

describe('damaged framing', () => {
  const post1 = Buffer.concat([
    Buffer.from('POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n'),
    Buffer.from(`Content-Length: ${toProtobuf(rich).length}\r\nConnection: close\r\n\r\n`),
    toProtobuf(rich),
  ]);
  const chunked = Buffer.from(
    'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  );

  it(
    'of HTTP/1.1 harms nobody but its sender',
    async () => {
      const receiver = await run({
        limits: { headersTimeoutMs: 300, requestTimeoutMs: 600, idleTimeoutMs: 300 },
      });
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(post1, chunked), damage, async (bytes, damaged) => {
          const answer = await exchange(receiver.httpPort, damaged(bytes));
          expect(answer).not.toMatch(/^HTTP\/1\.1 5(?!03)/);
        }),
        fuzzRuns(80),
      );
      await isWell(receiver);
    },
    LONG_MS,
  );

  it(
    'of HTTP/2 harms nobody but its sender',
    async () => {
      const receiver = await run({ limits: { requestTimeoutMs: 300, idleTimeoutMs: 300 } });
      const conversation = await recordedCall();
      await fc.assert(
        fc.asyncProperty(damage, async (damaged) => {
          await exchange(receiver.grpcPort, damaged(conversation));
        }),
        fuzzRuns(80),
      );
      await isWell(receiver);
    },
    LONG_MS,
  );

  it(
    'random bytes harm nobody but their sender, on either port',
    async () => {
      const receiver = await run({
        limits: { headersTimeoutMs: 300, requestTimeoutMs: 600, idleTimeoutMs: 300 },
      });
      await fc.assert(
        fc.asyncProperty(
          fc.uint8Array({ minLength: 1, maxLength: 300 }),
          fc.boolean(),
          async (bytes, first) => {
            await exchange(first ? receiver.httpPort : receiver.grpcPort, Buffer.from(bytes));
          },
        ),
        fuzzRuns(50),
      );
      await isWell(receiver);
    },
    LONG_MS,
  );
});

/** Both ports still serve, and nothing is held any more. */
async function isWell(receiver: Running): Promise<void> {
  const body = toProtobuf(rich);
  expect((await post(`${receiver.httpUrl}/v1/traces`, { headers: PROTOBUF, body })).status).toBe(200);
  expect((await grpcCall(receiver.grpcUrl, { pieces: [frame(body)] })).status).toBe(0);
  expect(receiver.bytesInFlight).toBe(0);
}

/** Writes bytes to a port, says no more, and hears what comes until the connection is closed. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      socket.write(bytes);
      // A sender that waits for an answer which the damaged bytes do not ask for gives up.
      setTimeout(() => socket.destroy(), 60);
    });
    socket.on('data', (data) => {
      heard += data.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });
}

/** What a real HTTP/2 client writes for one call, as bytes. */
function recordedCall(): Promise<Buffer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const server = net.createServer((socket) => {
      socket.on('data', (data) => parts.push(data));
      socket.on('error', () => {});
      // An empty SETTINGS frame, which every server says first.
      socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    });
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      const session = http2.connect(`http://127.0.0.1:${port}`);
      session.on('error', () => {});
      const stream = session.request({
        ':method': 'POST',
        ':path': EXPORT,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      stream.on('error', () => {});
      stream.end(frame(toProtobuf(rich)));
      setTimeout(() => {
        session.destroy();
        server.close(() => resolve(Buffer.concat(parts)));
      }, 200);
    });
  });
}

/** All places in a JSON tree that hold a value. */
function placesIn(tree: object): [holder: object, key: string][] {
  return Object.entries(tree).flatMap(([key, value]) => [
    [tree, key] as [object, string],
    ...(typeof value === 'object' && value !== null ? placesIn(value as object) : []),
  ]);
}

function count(value: unknown): number {
  return Array.isArray(value) ? value.length + 1 : 2;
}
