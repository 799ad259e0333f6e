import http from 'node:http';
import net from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { toProtobuf } from './support/encodings.js';
import { JSON_TYPE, PROTOBUF, post, run, until } from './support/running.js';
import { requestOf, sampleSpan, textAttribute } from './support/sample.js';

describe('limits', () => {
  it('of a body: 413 that names the limit, however the body comes', async () => {
    const { httpUrl } = await run({ limits: { bodyBytes: 10_000 } });
    const big = Buffer.alloc(200_000);
    for (const length of [{ 'content-length': big.length }, { 'transfer-encoding': 'chunked' }]) {
      const headers = { ...JSON_TYPE, ...length };
      const { status, body: said } = await post(`${httpUrl}/v1/traces`, { headers, body: big });
      expect(status).toBe(413);
      expect(JSON.parse(said.toString()).message).toContain('larger than 10000 bytes');
    }
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(5_000_000))],
    ['gzip that lies about its size', forged(gzipSync(Buffer.alloc(5_000_000)), 100)],
    ['gzip that claims 4 GB', forged(gzipSync(Buffer.alloc(5_000_000)), 0xffffffff)],
    ['deflate', deflateSync(Buffer.alloc(5_000_000))],
  ])('of an inflated body: 413 for a bomb in %s', async (name, bomb) => {
    const { httpUrl } = await run({ limits: { inflatedBytes: 100_000 } });
    const headers = { ...JSON_TYPE, 'content-encoding': name.split(' ')[0] };
    const { status, body: said } = await post(`${httpUrl}/v1/traces`, { headers, body: bomb });
    expect(status).toBe(413);
    expect(JSON.parse(said.toString()).message).toContain('inflates to more than 100000 bytes');
  });

  it('of bytes in flight: 429 with Retry-After past it, and room again when rows are durable', async () => {
    const big = toProtobuf(
      requestOf(sampleSpan({ attributes: [textAttribute('filler', 'x'.repeat(10_000))] })),
    );
    const receiver = await run({ limits: { inFlightBytes: big.length * 3.5 } });
    const send = () => post(`${receiver.httpUrl}/v1/traces`, { headers: PROTOBUF, body: big });
    receiver.ingest.hold();
    const waiting = [send(), send(), send()];
    await until(() => receiver.ingest.spans.rows === 3);
    expect(receiver.bytesInFlight).toBeGreaterThan(30_000);
    const { status, headers } = await send();
    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('1');
    receiver.ingest.release();
    for (const answer of await Promise.all(waiting)) expect(answer.status).toBe(200);
    expect(receiver.bytesInFlight).toBe(0);
    expect((await send()).status).toBe(200);
  });

  it('of bytes in flight count rows that take more room than the body did', async () => {
    const tiny = { name: '', parentSpanId: Buffer.alloc(0), end: 0n, kind: 0 };
    const many = toProtobuf(requestOf(...Array.from({ length: 1000 }, () => sampleSpan(tiny))));
    const receiver = await run({ limits: { inFlightBytes: 200_000 } });
    receiver.ingest.hold();
    const first = post(`${receiver.httpUrl}/v1/traces`, { headers: PROTOBUF, body: many });
    await until(() => receiver.ingest.spans.rows === 1000);
    expect(receiver.bytesInFlight).toBeGreaterThan(67_000);
    expect(receiver.bytesInFlight).toBeGreaterThan(many.length);
    receiver.ingest.release();
    expect((await first).status).toBe(200);
    expect(receiver.bytesInFlight).toBe(0);
  });

  it('of bytes in flight hold under a flood, gzipped too', async () => {
    const most = 4_000_000;
    const receiver = await run({ limits: { inFlightBytes: most } });
    const spans = Array.from({ length: 2000 }, () =>
      sampleSpan({ attributes: [textAttribute('filler', 'x'.repeat(200))] }),
    );
    const big = gzipSync(toProtobuf(requestOf(...spans)));
    const headers = { ...PROTOBUF, 'content-encoding': 'gzip' };
    receiver.ingest.hold();
    let refused = 0;
    const answers = Array.from({ length: 60 }, async () => {
      const { status } = await post(`${receiver.httpUrl}/v1/traces`, { headers, body: big });
      expect(receiver.bytesInFlight).toBeLessThanOrEqual(most);
      if (status === 429) refused++;
      return status;
    });
    await until(() => refused + receiver.ingest.spans.rows / 2000 === 60);
    expect(refused).toBeGreaterThan(40);
    receiver.ingest.release();
    const statuses = await Promise.all(answers);
    expect(statuses.filter((status) => status === 200).length).toBe(receiver.ingest.spans.rows / 2000);
    expect(receiver.bytesInFlight).toBe(0);
  });

  it('give back what was held for a sender that went away', async () => {
    const receiver = await run();
    const request = http.request(`${receiver.httpUrl}/v1/traces`, { method: 'POST', headers: PROTOBUF });
    request.on('error', () => {});
    request.write(Buffer.alloc(50_000));
    await until(() => receiver.bytesInFlight === 50_000);
    request.destroy();
    await until(() => receiver.bytesInFlight === 0);
    expect(receiver.ingest.spans.rows).toBe(0);
  });

  it('of time: 408 for headers and for bodies that do not arrive', async () => {
    const { httpPort } = await run({ limits: { headersTimeoutMs: 200, requestTimeoutMs: 400 } });
    const head = 'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    const answers = [head, `${head}content-length: 100\r\n\r\n{"res`].map((text) =>
      rawAnswer(httpPort, text),
    );
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 408 /);
  });
});

/** What a server says to some bytes, until it closes the connection. */
function rawAnswer(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString();
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
}

/** gzip that claims another size of what it holds. */
function forged(bytes: Buffer, size: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(size, copy.length - 4);
  return copy;
}
