import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../fixtures/testServer.js';

const TOKEN = 'a-token-of-some-length';
let directory: string;
let server: TestServer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'upshot-site-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Upshot</title>');
  writeFileSync(join(directory, 'assets', 'page-abc123.js'), `console.log(${'1+'.repeat(500)}1)`);
  writeFileSync(join(directory, '.built-from'), 'not for browsers');
  server = await testServer({ site: directory, token: TOKEN });
});

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

describe('the web interface', () => {
  it.each([
    '/',
    '/workflows',
    '/workflows/order%2F1',
    '/events/a.b',
    '/topology',
    '/propagation',
    '/findings',
    '/conventions',
  ])('%s is the page, without a token', async (path) => {
    const { status, headers, text } = await server.get(path);
    expect([status, text]).toEqual([200, '<!doctype html><title>Upshot</title>']);
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  it('gives files with hashed names to keep, compressed for who takes it', async () => {
    const plain = await server.get('/assets/page-abc123.js', { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(plain.headers.get('content-encoding')).toBeNull();
    const small = await server.get('/assets/page-abc123.js', { headers: { 'accept-encoding': 'br, gzip' } });
    expect(small.headers.get('content-encoding')).toBe('gzip');
    expect(small.text).toBe(plain.text);
    const refused = await server.get('/assets/page-abc123.js', {
      headers: { 'accept-encoding': 'gzip;q=0' },
    });
    expect(refused.headers.get('content-encoding')).toBeNull();
  });

  it.each([
    '/api/workflows',
    '/api/nothing',
    '/api/about',
    '/jaeger/api/services',
    '/tempo/api/search',
    '/metrics',
    '/.built-from',
    '/assets/../../etc/passwd',
    '/assets/other.js',
  ])('%s is not the page: it wants the token', async (path) => {
    expect((await server.get(path)).status).toBe(401);
  });

  it('does not stand for paths that are nobody’s', async () => {
    const { status, json } = await server.get('/api/nothing', {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect([status, json]).toMatchObject([404, { error: { code: 'not-found' } }]);
    expect((await server.get('/healthz')).text).toBe('ok\n');
  });

  it('leaves / to the words of a server without one', async () => {
    const bare = await testServer({ site: join(directory, 'nowhere') });
    expect((await bare.get('/')).text).toContain('Upshot is running');
    await bare.close();
  });

  it('learns where telemetry goes', async () => {
    const { json } = await server.get('/api/about', { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(json).toMatchObject({
      otlpHttpUrl: server.otlpHttpUrl,
      otlpGrpcUrl: server.otlpGrpcUrl,
      traceLinks: [],
    });
  });
});
