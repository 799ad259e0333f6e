import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { serve, temporaryDirectory, upshot } from './fixtures/spawnUpshot.js';

describe('upshot doctor', () => {
  it('tries every way in, finds all of it, and leaves nothing behind', async () => {
    const server = await serve(['--store', temporaryDirectory(), '--token', 'secret']);
    const { code, stdout, stderr } = await upshot(['doctor'], {
      UPSHOT_URL: server.ui,
      UPSHOT_TOKEN: 'secret',
    });
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    for (const way of ['OTLP over HTTP', 'OTLP over gRPC', 'event records', 'CloudEvents'])
      expect(lines.some((line) => line.startsWith(`✓ ${way}: taken at http://127.0.0.1:`))).toBe(true);
    expect(stdout).toContain('its clock agrees');
    expect(stdout).toMatch(/GB of [\d.]+ GB are free on its disk/);
    expect(stdout).toContain('bodies of 16 MiB, 64 MiB inflated, and keeps telemetry for ever');
    expect([code, lines.at(-1)]).toEqual([0, 'Upshot works.']);
    const list = await fetch(`${server.ui}/api/workflows`, { headers: { authorization: 'Bearer secret' } });
    expect(((await list.json()) as { workflows: unknown[] }).workflows).toEqual([]);
  });

  it('says which way is closed and what to do, and ends with 1', async () => {
    const server = await serve(['--store', 'memory']);
    const away = createServer();
    await new Promise<void>((listening) => away.listen(0, '127.0.0.1', listening));
    const { port } = away.address() as AddressInfo;
    await new Promise((closed) => away.close(closed));
    const { code, stdout } = await upshot(['doctor', '--otlp-grpc-url', `http://127.0.0.1:${port}`], {
      UPSHOT_URL: server.ui,
    });
    expect(stdout).toContain(
      `✗ OTLP over gRPC: http://127.0.0.1:${port} can't be reached (ECONNREFUSED)\n  Look whether`,
    );
    expect(stdout).toContain('✓ OTLP over HTTP');
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([1, 'One thing is to be mended.']);
  });

  it('knows two Upshots apart', async () => {
    const [one, other] = [await serve(['--store', 'memory']), await serve(['--store', 'memory'])];
    const { code, stdout } = await upshot(['doctor', '--otlp-url', other.otlpHttp], { UPSHOT_URL: one.ui });
    expect(stdout).toContain('and not found by what answers');
    expect(code).toBe(1);
  });

  it.each([
    [['--url', 'http://127.0.0.1:1'], "✗ Upshot can't be reached"],
    [['--token', 'wrong'], '✗ Upshot wants a token'],
  ])('with %j says what stands in the way', async (args, text) => {
    const server = await serve(['--store', 'memory', '--token', 'secret']);
    const { code, stdout } = await upshot(['doctor', ...args], { UPSHOT_URL: server.ui });
    expect(stdout).toContain(text);
    expect(code).toBe(1);
  });
});
