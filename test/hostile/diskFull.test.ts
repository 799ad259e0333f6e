import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { serve } from '../../packages/cli/test/fixtures/spawnUpshot.js';
import { isWhole, orderOf, sendOrders } from '../clickhouse/rig/orders.js';
import { exportOf } from './exportOf.js';

const MOUNTED = mount();

/** A file system of its own size, which only root can make; null where that can't be. */
function mount(): string | null {
  const directory = mkdtempSync(join(tmpdir(), 'upshot-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', directory], { stdio: 'ignore' });
    return directory;
  } catch {
    rmSync(directory, { recursive: true });
    return null;
  }
}

/** Spans whose names nothing compresses: some 16 MB a request. */
function filling(round: number): Uint8Array<ArrayBuffer> {
  const noise = () => crypto.getRandomValues(Buffer.alloc(3000)).toString('base64');
  const spans = Array.from({ length: 2000 }, (_, n) => ({
    trace: 1_000_000 + round * 10_000 + n,
    span: n + 1,
    name: 'fill',
    correlation: noise(),
  }));
  return exportOf(spans).next().value!;
}

/**
 *   disk      ── fills ── full ────────── larger ──
 *   sender    ── 200 ──── 503, 503 … ──── 200 ─────
 *   answers   ── all that was acknowledged, all the time ──
 */
it.runIf(MOUNTED !== null || process.env.CI !== undefined)(
  'a full disk: senders are told, nothing acknowledged is lost, and it goes on when there is room (needs root, for a small tmpfs)',
  async () => {
    expect(MOUNTED, 'a tmpfs must be there in CI, which runs as root').not.toBeNull();
    const directory = MOUNTED!;
    onTestFinished(() => {
      execFileSync('umount', ['-l', directory]);
      rmSync(directory, { recursive: true, force: true });
    });
    const server = await serve(['--store', join(directory, 'data')]);
    expect(await sendOrders(server, [1, 2, 3])).toBe(true);
    const acknowledged = [1, 2, 3];
    let status = 200;
    for (let round = 0; status === 200 && round < 40; round++) {
      const response = await fetch(`${server.otlpHttp}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: filling(round),
      });
      status = response.status;
      await response.arrayBuffer();
      const n = 100 + round;
      if (await sendOrders(server, [n])) acknowledged.push(n);
    }
    expect(status).toBe(503);
    // What fits goes in, what does not is refused: by now not even little fits for long.
    for (const n of acknowledged) expect(isWhole(await orderOf(server, n)), `order ${n}`).toBe(true);

    execFileSync('mount', ['-o', 'remount,size=512m', directory]);
    await expect.poll(() => sendOrders(server, [1000]), { timeout: 30_000 }).toBe(true);
    acknowledged.push(1000);
    for (const n of acknowledged) expect(isWhole(await orderOf(server, n)), `order ${n}`).toBe(true);
    await expect.poll(async () => (await fetch(`${server.ui}/readyz`)).status, { timeout: 20_000 }).toBe(200);
    expect((await server.stop()).code).toBe(0);
    const again = await serve(['--store', join(directory, 'data')]);
    for (const n of acknowledged) expect(isWhole(await orderOf(again, n)), `order ${n}`).toBe(true);
    await again.stop();
  },
  180_000,
);
