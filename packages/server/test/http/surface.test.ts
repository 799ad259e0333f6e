import { request } from 'node:http';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { order } from '../fixtures/telemetry.js';
import { type TestServer, testServer } from '../fixtures/testServer.js';

let server: TestServer;

beforeAll(async () => {
  server = await testServer({ version: '9.8.7' });
});

afterAll(() => server.close());

/** Fetch does not let one say who the host is. */
function getWithHost(path: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.uiUrl);
    request({ hostname, port, path, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });
}

describe('what Upshot says of itself', () => {
  it('is alive and ready', async () => {
    expect((await server.get('/healthz')).text).toBe('ok\n');
    expect(await server.get('/readyz')).toMatchObject({ status: 200, text: 'ready\n' });
  });

  it('describes its API, validly', async () => {
    const { json } = await server.get<{
      info: { version: string };
      paths: Record<string, object>;
    }>('/api/openapi.json');
    expect(json.info.version).toBe('9.8.7');
    expect(await new Validator().validate({ ...json })).toEqual({ valid: true });
    for (const [path, methods] of Object.entries(json.paths)) {
      if (!('get' in methods)) continue;
      // Streams do not end by themselves: what they begin with is enough.
      const response = await fetch(server.uiUrl + path.replaceAll(/\{[^}]+\}/g, 'x'));
      await response.body?.cancel();
      expect([200, 404], path).toContain(response.status);
    }
  });

  it('counts in the form of Prometheus', async () => {
    await server.send(order(1, 0));
    await server.get('/api/workflows/order_1');
    const { text, headers } = await server.get('/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/^upshot_spans_accepted_total 4$/m);
    expect(text).toMatch(/^upshot_store_spans 4$/m);
    expect(text).toMatch(/^upshot_store_write_rows_sum 4$/m);
    expect(text).toMatch(
      /^upshot_http_request_seconds_count\{route="\/api\/workflows\/:key",status="200"\} 1$/m,
    );
    expect(text).toMatch(
      /^upshot_receiver_request_seconds_count\{transport="http",signal="traces",code="200"\} 1$/m,
    );
    expect(text).toMatch(/^process_resident_memory_bytes /m);
  });
});

describe('requests that are not for this server', () => {
  it('finds no other path, and says where the known ones are described', async () => {
    const { status, json } = await server.get('/api/workflow');
    expect(status).toBe(404);
    expect(json).toEqual({
      error: { code: 'not-found', message: expect.stringContaining('/api/openapi.json') },
    });
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('refuses %s with what is allowed', async (method) => {
    const { status, headers, json } = await server.get('/api/topology', { method });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect(json).toMatchObject({ error: { code: 'method-not-allowed' } });
  });

  it('answers OPTIONS without letting other sites in', async () => {
    const { status, headers } = await server.get('/api/workflows', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    });
    expect(status).toBe(204);
    expect(headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('answers HEAD as GET without a body', async () => {
    const { status, text, headers } = await server.get('/api/workflows', { method: 'HEAD' });
    expect([status, text]).toEqual([200, '']);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it.each([
    'evil.example',
    'evil.example:4320',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.1',
    'localhost@evil',
  ])('refuses the host %s: its name may have been made to point here', async (host) => {
    expect(await getWithHost('/api/workflows', host)).toBe(403);
  });

  it.each(['localhost', 'LOCALHOST:4320', '127.0.0.1', '127.1.2.3:1', '[::1]:4320', 'upshot.localhost'])(
    'takes the host %s',
    async (host) => {
      expect(await getWithHost('/api/workflows', host)).toBe(200);
    },
  );
});

describe('every answer', () => {
  it.each(['/', '/healthz', '/api/workflows', '/api/nothing', '/api/workflows?limit=x'])(
    '%s carries the headers that browsers obey',
    async (path) => {
      const { headers } = await server.get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );
});
