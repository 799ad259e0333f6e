import http from 'node:http';
import net from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startReceiver } from '../src/index.js';
import { toJson, toProtobuf } from './support/encodings.js';
import { decode } from './support/otlpSchema.js';
import { answerTo, JSON_TYPE, PROTOBUF, post, run, until } from './support/running.js';
import { NOW, requestOf, sampleSpan } from './support/sample.js';

const good = requestOf(sampleSpan());
const body = toProtobuf(good);
const mixed = requestOf(sampleSpan(), sampleSpan({ name: 'bad', spanId: Buffer.alloc(8) }));
const REASON = '1 span: span ID is all zero (first: "bad")';

describe('POST /v1/traces', () => {
  it('answers an export with an empty success in its own encoding', async () => {
    const { httpUrl, ingest } = await run();
    const binary = await post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body });
    expect(binary).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-protobuf' } });
    expect(binary.body).toHaveLength(0);
    const json = await post(`${httpUrl}/v1/traces`, { headers: JSON_TYPE, body: toJson(good) });
    expect(json).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(json.body.toString()).toBe('{}');
    expect(ingest.stored()).toHaveLength(2);
  });

  it('names what was refused, and why, in its own encoding', async () => {
    const { httpUrl } = await run();
    const binary = await post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body: toProtobuf(mixed) });
    expect(binary.status).toBe(200);
    expect(decode('ExportTraceServiceResponse', binary.body)).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: REASON },
    });
    const json = await post(`${httpUrl}/v1/traces`, { headers: JSON_TYPE, body: toJson(mixed) });
    expect(JSON.parse(json.body.toString())).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: REASON },
    });
  });

  it('answers 200 only when the rows are durable', async () => {
    const { httpUrl, ingest } = await run();
    ingest.hold();
    let isAnswered = false;
    const answer = post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body }).finally(() => {
      isAnswered = true;
    });
    await until(() => ingest.spans.rows === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAnswered).toBe(false);
    ingest.release();
    expect((await answer).status).toBe(200);
  });

  it('answers 503 with Retry-After when the rows could not be stored', async () => {
    const { httpUrl, ingest } = await run({ limits: { retryAfterSeconds: 7 } });
    ingest.hold();
    const answer = post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body });
    await until(() => ingest.spans.rows === 1);
    ingest.fail(new Error('disk full at /secret/path'));
    const { status, headers, body: said } = await answer;
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('7');
    const problem = decode('RpcStatus', said) as { code: number; message: string };
    expect(problem).toMatchObject({ code: 14 });
    expect(problem.message).not.toContain('secret');
  });

  it.each([
    ['gzip', gzipSync(body)],
    ['x-gzip', gzipSync(body)],
    ['GZIP', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['identity', body],
    ['', body],
  ])('takes the Content-Encoding %j', async (encoding, bytes) => {
    const { httpUrl, ingest } = await run();
    const headers = { ...PROTOBUF, 'content-encoding': encoding };
    expect((await post(`${httpUrl}/v1/traces`, { headers, body: bytes })).status).toBe(200);
    expect(ingest.stored()).toHaveLength(1);
  });

  it('takes gzip in several members', async () => {
    const { httpUrl, ingest } = await run();
    const members = Buffer.concat([gzipSync(body), gzipSync(body), gzipSync(body)]);
    const headers = { ...PROTOBUF, 'content-encoding': 'gzip' };
    expect((await post(`${httpUrl}/v1/traces`, { headers, body: members })).status).toBe(200);
    expect(ingest.stored()).toHaveLength(3);
  });

  it.each(['application/x-protobuf; charset=x', 'Application/X-Protobuf', 'application/protobuf'])(
    'takes the Content-Type %s',
    async (type) => {
      const { httpUrl } = await run();
      expect((await post(`${httpUrl}/v1/traces`, { headers: { 'content-type': type }, body })).status).toBe(
        200,
      );
    },
  );

  it('takes chunked bodies, in chunks of any size', async () => {
    const { httpUrl, ingest } = await run();
    const request = http.request(`${httpUrl}/v1/traces`, { method: 'POST', headers: PROTOBUF });
    const answer = answerTo(request);
    for (let at = 0; at < body.length; at += 7) {
      request.write(body.subarray(at, at + 7));
      await new Promise((resolve) => setImmediate(resolve));
    }
    request.end();
    expect((await answer).status).toBe(200);
    expect(ingest.stored()).toHaveLength(1);
  });

  it('takes an empty body for an empty batch, in protobuf', async () => {
    const { httpUrl } = await run();
    expect((await post(`${httpUrl}/v1/traces`, { headers: PROTOBUF })).status).toBe(200);
    const gzipped = { ...PROTOBUF, 'content-encoding': 'gzip' };
    expect((await post(`${httpUrl}/v1/traces`, { headers: gzipped })).status).toBe(200);
  });

  it('serves many requests on one connection', async () => {
    const { httpUrl, ingest } = await run();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const answers = Array.from({ length: 20 }, () =>
      post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body, agent }),
    );
    for (const { status, headers } of await Promise.all(answers)) {
      expect(status).toBe(200);
      expect(headers.connection).not.toBe('close');
    }
    expect(ingest.stored()).toHaveLength(20);
  });

  it('asks for the body of a sender that waits for 100-continue, and refuses without asking', async () => {
    const { httpUrl } = await run({ limits: { bodyBytes: 4096 } });
    const heard: string[] = [];
    const expects = (length: number) =>
      post(`${httpUrl}/v1/traces`, {
        headers: { ...PROTOBUF, expect: '100-continue', 'content-length': length },
        body: length === body.length ? body : Buffer.alloc(length),
        before: (request) =>
          new Promise((resolve) => {
            request.on('continue', () => {
              heard.push('continue');
              resolve();
            });
            request.on('response', () => resolve());
          }),
      });
    expect((await expects(body.length)).status).toBe(200);
    expect(heard).toEqual(['continue']);
    expect((await expects(5000)).status).toBe(413);
    expect(heard).toEqual(['continue']);
  });
});

describe('a request that is refused as a whole', () => {
  it('with an undecodable body: 400, and a Status in its encoding', async () => {
    const { httpUrl } = await run();
    const binary = await post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body: body.subarray(0, -1) });
    expect(binary.status).toBe(400);
    expect(decode('RpcStatus', binary.body)).toEqual({
      code: 3,
      message: 'the body is no OTLP protobuf: a field runs past the end of its message',
    });
    const json = await post(`${httpUrl}/v1/traces`, { headers: JSON_TYPE, body: '{"resourceSpans":{}}' });
    expect(json.status).toBe(400);
    expect(JSON.parse(json.body.toString())).toEqual({
      code: 3,
      message: 'the body is no OTLP/JSON: resourceSpans is not a list',
    });
  });

  it.each([
    ['not gzip', Buffer.from('plain')],
    ['gzip that is cut off', gzipSync(body).subarray(0, -9)],
    ['gzip that is damaged', damaged(gzipSync(body))],
  ])('with %s: 400', async (_, bytes) => {
    const { httpUrl } = await run();
    const headers = { ...PROTOBUF, 'content-encoding': 'gzip' };
    const { status, body: said } = await post(`${httpUrl}/v1/traces`, { headers, body: bytes });
    expect(status).toBe(400);
    expect(decode('RpcStatus', said)).toMatchObject({
      message: expect.stringContaining('the body is no gzip'),
    });
  });

  it('at another path: 404, with the paths that are served', async () => {
    const { httpUrl } = await run();
    const answer = await post(`${httpUrl}/v1/metrics`, { headers: JSON_TYPE, body: '{}' });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body.toString()).message).toContain('/v1/traces');
    expect((await post(`${httpUrl}/v1/traces/?x=1`, { headers: PROTOBUF, body })).status).toBe(200);
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])(
    'with the method %s: 405, and the connection stays',
    async (method) => {
      const { httpUrl } = await run();
      const { status, headers } = await post(`${httpUrl}/v1/traces`, { method });
      expect(status).toBe(405);
      expect(headers.allow).toBe('POST');
    },
  );

  it.each([
    ['text/plain', {}],
    ['', {}],
    ['application/x-protobuf', { 'content-encoding': 'zstd' }],
  ])('with the type %j and headers %j: 415', async (type, more) => {
    const { httpUrl } = await run();
    const headers = { ...(type === '' ? {} : { 'content-type': type }), ...more };
    expect((await post(`${httpUrl}/v1/traces`, { headers, body })).status).toBe(415);
  });

  it('without the token: 401', async () => {
    const { httpUrl, ingest } = await run({ authorize: (header) => header === 'Bearer good' });
    const none = await post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body });
    expect(none).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    const right = { ...PROTOBUF, authorization: 'Bearer good' };
    expect((await post(`${httpUrl}/v1/traces`, { headers: right, body })).status).toBe(200);
    expect(ingest.stored()).toHaveLength(1);
  });

  it.each(['failing', 'closed'] as const)(
    'while the ingest is %s: 503 with Retry-After',
    async (pressure) => {
      const { httpUrl, ingest } = await run();
      ingest.pressure = pressure;
      const { status, headers } = await post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body });
      expect(status).toBe(503);
      expect(headers['retry-after']).toBe('1');
    },
  );
});

describe('starting and closing', () => {
  it('answers what was begun, and takes nothing more', async () => {
    const { httpUrl, ingest, close } = await run();
    ingest.hold();
    const answer = post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body });
    await until(() => ingest.spans.rows === 1);
    const closed = close();
    await expect(post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body })).rejects.toThrow('ECONNREFUSED');
    ingest.release();
    expect((await answer).status).toBe(200);
    await closed;
  });

  it('says which port is taken, and leaves none open', async () => {
    const first = await run();
    const options = { host: '127.0.0.1', ingest: first.ingest, clock: () => NOW, retentionNano: null };
    const free = await freePort();
    const second = startReceiver({ ...options, httpPort: free, grpcPort: first.grpcPort });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE', port: first.grpcPort });
    await expect(post(`http://127.0.0.1:${free}/v1/traces`, {})).rejects.toThrow('ECONNREFUSED');
  });
});

describe('counting', () => {
  it('tells of requests, spans and refusals', async () => {
    const told: unknown[] = [];
    const { httpUrl } = await run({
      observer: {
        request: ({ transport, signal, code, bodyBytes }) => told.push([transport, signal, code, bodyBytes]),
        spans: (accepted, refused) => told.push([accepted, Object.fromEntries(refused)]),
        records: (accepted, rejected) => told.push([accepted, rejected]),
      },
    });
    const bytes = toProtobuf(mixed);
    await post(`${httpUrl}/v1/traces`, { headers: PROTOBUF, body: bytes });
    await post(`${httpUrl}/v1/events`, { headers: JSON_TYPE, body: '[{}, {"eventId":"e","eventName":"n"}]' });
    await post(`${httpUrl}/nowhere`, {});
    expect(told).toEqual([
      [1, { 'span-id-zero': 1 }],
      ['http', 'traces', 200, bytes.length],
      [1, 1],
      ['http', 'events', 200, 37],
      ['http', 'none', 404, 0],
    ]);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 6]! ^= 0xff;
  return copy;
}
