import { connect } from 'node:http2';
import { request } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../fixtures/selfSigned.js';
import { order, otlpJson } from '../fixtures/telemetry.js';
import { type TestServer, testServer } from '../fixtures/testServer.js';

let server: TestServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

/** The status of an empty gRPC export, "0" where it is let in. */
function grpcStatus(url: string, headers: Record<string, string>, ca?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const session = connect(url, ca === undefined ? {} : { ca });
    session.on('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    let status = '';
    const take = (given: { 'grpc-status'?: unknown }) => {
      if (given['grpc-status'] !== undefined) status = String(given['grpc-status']);
    };
    stream.on('response', take).on('trailers', take).on('error', reject).resume();
    stream.on('close', () => session.close(() => resolve(status)));
    stream.end(Buffer.from([0, 0, 0, 0, 0]));
  });
}

describe('a page of another site', () => {
  it('reads nothing and changes nothing, not even by a POST that needs no leave', async () => {
    server = await testServer();
    const rebuild = (headers: Record<string, string>) =>
      server!.get('/api/roll-ups/rebuild', { method: 'POST', headers });
    expect((await rebuild({ origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await rebuild({ origin: 'null' })).status).toBe(403);
    expect((await rebuild({ origin: server.uiUrl })).status).toBe(202);
    expect((await rebuild({})).status).toBe(202);
    const mute = await server.get('/api/findings/groups/0123456789abcdef/mute', {
      method: 'DELETE',
      headers: { origin: 'http://127.0.0.1:1' },
    });
    expect(mute.status).toBe(403);
  });
});

describe('a token', () => {
  const token = 'a-token-of-some-length';
  const bearer = { authorization: `Bearer ${token}` };

  it('is wanted on all three ports, by every call but liveness and readiness', async () => {
    server = await testServer({ token });
    for (const path of [
      '/',
      '/api/workflows',
      '/api/workflows/x',
      '/api/openapi.json',
      '/metrics',
      '/nothing',
    ]) {
      const refused = await server.get(path);
      expect(refused.status, path).toBe(401);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(refused.json).toMatchObject({ error: { code: 'unauthorized' } });
    }
    for (const path of ['/healthz', '/readyz']) expect((await server.get(path)).status, path).toBe(200);
    expect((await server.send(order(1, 0))).status).toBe(401);
    expect(await grpcStatus(server.otlpGrpcUrl, {})).toBe('16');

    expect((await server.send(order(1, 0), bearer)).status).toBe(200);
    expect((await server.get('/api/workflows/order_1', { headers: bearer })).status).toBe(200);
    expect((await server.get('/metrics', { headers: bearer })).status).toBe(200);
    expect(await grpcStatus(server.otlpGrpcUrl, bearer)).toBe('0');
  });

  it.each([
    'Bearer',
    'Bearer ',
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
    token,
    `Basic ${token}`,
    `Bearer ${token} ${token}`,
  ])('is not %j', async (authorization) => {
    server = await testServer({ token });
    expect((await server.get('/api/workflows', { headers: { authorization } })).status).toBe(401);
  });

  it('must not be empty, and must be there for a host beyond loopback', async () => {
    await expect(testServer({ token: '' })).rejects.toThrow(/^The token is empty/);
    await expect(testServer({ host: '0.0.0.0' })).rejects.toThrow(
      /^0\.0\.0\.0 can be reached from other machines: give a token/,
    );
    server = await testServer({ host: '0.0.0.0', insecure: true });
    expect((await server.get('/api/workflows')).status).toBe(200);
  });
});

describe('TLS', () => {
  it('is spoken on all three ports', async () => {
    const tls = selfSigned();
    server = await testServer({ tls });
    const { uiUrl, otlpHttpUrl, otlpGrpcUrl } = server;
    expect([uiUrl, otlpHttpUrl, otlpGrpcUrl].map((url) => new URL(url).protocol)).toEqual([
      'https:',
      'https:',
      'https:',
    ]);
    const call = (url: string, method = 'GET', body = ''): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': 'application/json' };
        request(url, { method, ca: tls.cert, headers }, (response) => {
          response.resume();
          resolve(response.statusCode!);
        })
          .on('error', reject)
          .end(body);
      });
    expect(await call(`${otlpHttpUrl}/v1/traces`, 'POST', JSON.stringify(otlpJson(order(1, 0))))).toBe(200);
    expect(await call(`${uiUrl}/api/workflows/order_1`)).toBe(200);
    expect(await grpcStatus(otlpGrpcUrl, {}, tls.cert)).toBe('0');
    await expect(fetch(uiUrl)).rejects.toThrow();
  });
});
