import http2 from 'node:http2';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FrameReader } from '../src/grpc/FrameReader.js';
import { toProtobuf } from './support/encodings.js';
import { EXPORT, frame, grpcCall } from './support/grpcCall.js';
import { decode } from './support/otlpSchema.js';
import { run, until } from './support/running.js';
import { requestOf, sampleSpan } from './support/sample.js';

const body = toProtobuf(requestOf(sampleSpan()));
const mixed = toProtobuf(requestOf(sampleSpan(), sampleSpan({ name: 'bad', traceId: Buffer.alloc(16) })));

describe('TraceService/Export', () => {
  it('answers an export with an empty success and status 0', async () => {
    const { grpcUrl, ingest } = await run();
    const answer = await grpcCall(grpcUrl, { pieces: [frame(body)] });
    expect(answer).toMatchObject({ httpStatus: 200, status: 0, message: '', details: null });
    expect(answer.response).toHaveLength(0);
    expect(ingest.stored()).toHaveLength(1);
  });

  it('names what was refused, and why', async () => {
    const { grpcUrl } = await run();
    const { status, response } = await grpcCall(grpcUrl, { pieces: [frame(mixed)] });
    expect(status).toBe(0);
    expect(decode('ExportTraceServiceResponse', response!)).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: '1 span: trace ID is all zero (first: "bad")' },
    });
  });

  it('takes gzip, deflate, and messages that are not compressed though others may be', async () => {
    const { grpcUrl, ingest } = await run();
    const gzip = { 'grpc-encoding': 'gzip' };
    const pieces = [[frame(gzipSync(body), true)], [frame(body)]];
    for (const one of pieces)
      expect(await grpcCall(grpcUrl, { headers: gzip, pieces: one })).toMatchObject({ status: 0 });
    expect(ingest.stored()).toHaveLength(2);
  });

  it('takes frames that are cut anywhere, and several in one piece', async () => {
    const { grpcUrl, ingest } = await run();
    const bytes = Buffer.concat([frame(body), frame(body)]);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 3) }, (_, i) =>
      bytes.subarray(i * 3, i * 3 + 3),
    );
    expect(await grpcCall(grpcUrl, { pieces })).toMatchObject({ status: 0 });
    expect(await grpcCall(grpcUrl, { pieces: [bytes] })).toMatchObject({ status: 0 });
    expect(ingest.stored()).toHaveLength(4);
  });

  it('takes messages that are larger than the flow-control window', async () => {
    const { grpcUrl, ingest } = await run();
    const spans = Array.from({ length: 20_000 }, () => sampleSpan({ name: 'x'.repeat(300) }));
    const big = toProtobuf(requestOf(...spans));
    expect(big.length).toBeGreaterThan(6_000_000);
    expect(await grpcCall(grpcUrl, { pieces: [frame(big)] })).toMatchObject({ status: 0 });
    expect(ingest.spans.rows).toBe(20_000);
  });

  it('answers only when the rows are durable', async () => {
    const { grpcUrl, ingest } = await run();
    ingest.hold();
    let isAnswered = false;
    const answer = grpcCall(grpcUrl, { pieces: [frame(body)] }).finally(() => {
      isAnswered = true;
    });
    await until(() => ingest.spans.rows === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAnswered).toBe(false);
    ingest.release();
    expect((await answer).status).toBe(0);
  });

  it('serves many calls at once on one connection', async () => {
    const { grpcUrl, ingest } = await run();
    const session = http2.connect(grpcUrl);
    const statuses = Array.from(
      { length: 100 },
      () =>
        new Promise((resolve, reject) => {
          const headers = { ':method': 'POST', ':path': EXPORT, 'content-type': 'application/grpc+proto' };
          const stream = session.request(headers);
          stream.on('trailers', (trailers) => resolve(trailers['grpc-status']));
          stream.on('error', reject);
          stream.resume();
          stream.end(frame(body));
        }),
    );
    expect(new Set(await Promise.all(statuses))).toEqual(new Set(['0']));
    expect(ingest.stored()).toHaveLength(100);
    session.close();
  });
});

describe('a call that is refused', () => {
  const refused = async (call: Parameters<typeof grpcCall>[1], options: Parameters<typeof run>[0] = {}) =>
    grpcCall((await run(options)).grpcUrl, call);

  it.each([
    [
      'an unknown method',
      { path: '/opentelemetry.proto.collector.trace.v1.TraceService/Nope', pieces: [frame(body)] },
      12,
    ],
    ['an undecodable message', { pieces: [frame(body.subarray(0, -1))] }, 3],
    ['no message', { pieces: [] }, 3],
    ['half a frame', { pieces: [frame(body).subarray(0, 20)] }, 13],
    ['a flag that is none', { pieces: [Buffer.from([7, 0, 0, 0, 0])] }, 13],
    ['a compressed message without grpc-encoding', { pieces: [frame(gzipSync(body), true)] }, 13],
    ['an unknown grpc-encoding', { headers: { 'grpc-encoding': 'snappy' }, pieces: [frame(body, true)] }, 12],
    ['a damaged gzip', { headers: { 'grpc-encoding': 'gzip' }, pieces: [frame(body, true)] }, 3],
  ])('for %s: status %#', async (_, call, status) => {
    const answer = await refused(call);
    expect(answer).toMatchObject({ httpStatus: 200, status, response: null });
    expect(answer.message).not.toBe('');
    expect(decode('RpcStatus', answer.details!)).toEqual({ code: status, message: answer.message });
  });

  it('for a content type that is no gRPC: HTTP 415', async () => {
    const call = { headers: { 'content-type': 'application/json' }, pieces: [Buffer.from('{}')] };
    expect(await refused(call)).toMatchObject({ httpStatus: 415 });
  });

  it('for a missing token: UNAUTHENTICATED', async () => {
    const authorize = (header: string | undefined) => header === 'Bearer good';
    expect(await refused({ pieces: [frame(body)] }, { authorize })).toMatchObject({ status: 16 });
    const headers = { authorization: 'Bearer good' };
    expect(await refused({ headers, pieces: [frame(body)] }, { authorize })).toMatchObject({ status: 0 });
  });

  it('for a message over the limit: RESOURCE_EXHAUSTED that must not be tried again', async () => {
    const answer = await refused(
      { pieces: [frame(Buffer.alloc(20_000))] },
      { limits: { bodyBytes: 10_000 } },
    );
    expect(answer).toMatchObject({ status: 8, message: expect.stringContaining('larger than 10000 bytes') });
    expect(decode('RpcStatus', answer.details!)).not.toHaveProperty('details');
  });

  it('for a bomb: RESOURCE_EXHAUSTED', async () => {
    const call = {
      headers: { 'grpc-encoding': 'gzip' },
      pieces: [frame(gzipSync(Buffer.alloc(9_000_000)), true)],
    };
    const answer = await refused(call, { limits: { inflatedBytes: 100_000 } });
    expect(answer).toMatchObject({ status: 8, message: expect.stringContaining('inflates to more than') });
  });

  it('for too much in flight: RESOURCE_EXHAUSTED with the time after which to try again', async () => {
    const receiver = await run({ limits: { inFlightBytes: body.length + 10, retryAfterSeconds: 3 } });
    receiver.ingest.hold();
    const first = grpcCall(receiver.grpcUrl, { pieces: [frame(body)] });
    await until(() => receiver.ingest.spans.rows === 1);
    const { status, details } = await grpcCall(receiver.grpcUrl, { pieces: [frame(body)] });
    expect(status).toBe(8);
    const [info] = decode('RpcStatus', details!).details as { typeUrl: string; value: Buffer }[];
    expect(info!.typeUrl).toBe('type.googleapis.com/google.rpc.RetryInfo');
    expect(decode('RetryInfo', info!.value)).toEqual({ retryDelay: { seconds: '3' } });
    receiver.ingest.release();
    expect((await first).status).toBe(0);
    expect(receiver.bytesInFlight).toBe(0);
  });

  it('for rows that could not be stored: UNAVAILABLE', async () => {
    const { grpcUrl, ingest } = await run();
    ingest.hold();
    const answer = grpcCall(grpcUrl, { pieces: [frame(body)] });
    await until(() => ingest.spans.rows === 1);
    ingest.fail(new Error('no'));
    expect((await answer).status).toBe(14);
  });

  it('with a message in other letters: percent-encoded', async () => {
    const path = '/x/é%';
    expect((await refused({ path, pieces: [frame(body)] })).message).toContain('there is no method');
  });
});

describe('a stream that is broken off', () => {
  it('gives back what it held, and leaves the connection usable', async () => {
    const receiver = await run();
    const session = http2.connect(receiver.grpcUrl);
    const headers = { ':method': 'POST', ':path': EXPORT, 'content-type': 'application/grpc' };
    const broken = session.request(headers);
    broken.on('error', () => {});
    broken.write(frame(Buffer.alloc(9000)).subarray(0, 5000));
    await until(() => receiver.bytesInFlight === 5000);
    broken.close(http2.constants.NGHTTP2_CANCEL);
    await until(() => receiver.bytesInFlight === 0);
    const whole = session.request(headers);
    const trailers = new Promise((resolve) => whole.on('trailers', resolve));
    whole.resume();
    whole.end(frame(body));
    expect(await trailers).toMatchObject({ 'grpc-status': '0' });
    session.close();
  });

  it('that does not arrive in time is ended', async () => {
    const { grpcUrl } = await run({ limits: { requestTimeoutMs: 200 } });
    const session = http2.connect(grpcUrl);
    const stream = session.request({
      ':method': 'POST',
      ':path': EXPORT,
      'content-type': 'application/grpc',
    });
    stream.write(frame(body).subarray(0, 10));
    const head = await new Promise<http2.IncomingHttpHeaders>((resolve) => stream.on('response', resolve));
    expect(head['grpc-status']).toBe('4');
    session.destroy();
  });
});

describe('FrameReader', () => {
  it('takes an empty message', () => {
    const reader = new FrameReader(10);
    reader.push(Buffer.from([0, 0, 0, 0, 0, 0, 0]));
    expect(reader.frames).toEqual([{ compressed: false, message: Buffer.alloc(0) }]);
    expect(() => reader.end()).toThrow('ended within a message');
  });
});
