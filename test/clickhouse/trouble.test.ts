import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { type Served, serve } from '../../packages/cli/test/fixtures/spawnUpshot.js';
import { selfSigned } from '../../packages/server/test/fixtures/selfSigned.js';
import { exportOf } from '../hostile/exportOf.js';
import { ClickHouseCluster, newDatabase, USER } from './rig/ClickHouseCluster.js';
import { describeClickHouse } from './rig/describeClickHouse.js';
import { narrowInFront } from './rig/narrowInFront.js';
import { isWhole, sendOrders, wholeAnswer } from './rig/orders.js';
import { tlsInFront } from './rig/tlsInFront.js';

const PATIENT = ['--answer-timeout', '2m'];
const CREDENTIALS = `${USER.user}:${encodeURIComponent(USER.password)}`;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const MIB = 1024 * 1024;
/** The largest request, inflated or not, and all of them together. */
const LITTLE = ['--max-body', '8MiB', '--max-inflated-body', '8MiB', '--max-in-flight', '20MiB'];

/** Spans whose correlation IDs nothing compresses: some 4 MB a request. */
function filling(round: number): Uint8Array<ArrayBuffer> {
  const noise = () => crypto.getRandomValues(Buffer.alloc(3000)).toString('base64');
  const spans = Array.from({ length: 1000 }, (_, n) => ({
    trace: 1_000_000 + round * 10_000 + n,
    span: n + 1,
    name: 'fill',
    correlation: noise(),
  }));
  return exportOf(spans).next().value!;
}

async function post(server: Served, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  const headers = { 'content-type': 'application/x-protobuf' };
  const response = await fetch(`${server.otlpHttp}/v1/traces`, { method: 'POST', headers, body });
  await response.arrayBuffer();
  return response;
}

async function expectWhole(server: Served, numbers: readonly number[]): Promise<void> {
  for (const n of numbers) expect(isWhole(await wholeAnswer(server, n)), `order ${n}`).toBe(true);
}

/** The most that it ever had in memory, bytes. */
function memoryOf({ child }: Served): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) * 1024;
}

/** Each line of what a server says is short, and none tells the password. */
function expectClear(stderr: string): void {
  for (const line of stderr.split('\n')) {
    expect(line.length).toBeLessThan(700);
    expect(line).not.toContain(USER.password);
  }
}

describeClickHouse('a ClickHouse server in trouble', 1, (cluster) => {
  /**
   *   line      ── wide ── narrow ──────────── wide ──
   *   senders   ── ✓ ───── 429, 503 … ──────── ✓ ─────
   */
  it('that is reached by a narrow line: senders are told to wait, memory is bounded, and all goes in when it widens', async () => {
    const database = newDatabase();
    const [node] = cluster().nodes;
    const line = await narrowInFront(node!.address, 100 * MIB);
    const url = `clickhouse://${CREDENTIALS}@127.0.0.1:${line.port}/${database}`;
    const server = await serve([...PATIENT, ...LITTLE, '--store', url]);
    expect(await sendOrders(server, [1])).toBe(true);
    line.widen(300_000);
    // Twice as much as may be in flight.
    const sending = range(0, 10).map((n) => post(server, filling(n)));
    await sleep(4000);
    const refused = await post(server, filling(99));
    expect([429, 503]).toContain(refused.status);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    line.widen(100 * MIB);
    const statuses = (await Promise.all(sending)).map(({ status }) => status);
    expect(statuses.filter((status) => ![200, 429, 503].includes(status))).toEqual([]);
    const taken = statuses.filter((status) => status === 200).length;
    expect(taken).toBeLessThan(statuses.length);
    const kept = await node!.sql(`SELECT uniqExact(trace_id) FROM ${database}.spans WHERE name = 'fill'`);
    expect(Number(kept)).toBeGreaterThanOrEqual(taken * 1000);
    await expect.poll(() => sendOrders(server, [2, 3]), { timeout: 60_000 }).toBe(true);
    await expectWhole(server, [1, 2, 3]);
    expect(memoryOf(server)).toBeLessThan(900 * MIB);
    const { code, stderr } = await server.stop();
    expect(code).toBe(0);
    expectClear(stderr);
  }, 180_000);

  /**
   *   password   ── old ──┤ new ─────┤ old again ──
   *   senders    ── ✓ ──── 503 ────── ✓ ───────────
   */
  it('that takes the password no more: senders are told, and it goes on when the password is taken again', async () => {
    const server = await serve([...PATIENT, '--store', cluster().url()]);
    expect(await sendOrders(server, [1, 2])).toBe(true);
    await cluster().changePassword('another');
    expect(await sendOrders(server, [3])).toBe(false);
    const answer = await fetch(`${server.ui}/api/workflows/order_1`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain(USER.user);
    await cluster().changePassword(USER.password);
    await expect.poll(() => sendOrders(server, [3]), { timeout: 60_000 }).toBe(true);
    await expectWhole(server, [1, 2, 3]);
    const { code, stderr } = await server.stop();
    expect(code).toBe(0);
    expect(stderr).toContain('Authentication failed');
    expectClear(stderr);
  }, 180_000);

  /**
   *   certificate   ── valid ──┤ expired ─────┤ renewed ──
   *   senders       ── ✓ ─────── 503 ────────── ✓ ────────
   */
  it('whose certificate expires: senders are told, and it goes on when that is renewed', async () => {
    const pair = selfSigned();
    const old = selfSigned(Date.now() - 30 * 86_400_000);
    const directory = mkdtempSync(join(tmpdir(), 'upshot-ca-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const ca = join(directory, 'ca.pem');
    writeFileSync(ca, pair.cert + old.cert);
    const front = await tlsInFront(cluster().nodes[0]!.address, pair);
    const server = await serve([
      ...PATIENT,
      '--store',
      `https://${CREDENTIALS}@127.0.0.1:${front.port}/${newDatabase()}?ca=${encodeURIComponent(ca)}`,
    ]);
    expect(await sendOrders(server, [1, 2])).toBe(true);
    front.show(old);
    expect(await sendOrders(server, [3])).toBe(false);
    front.show(pair);
    await expect.poll(() => sendOrders(server, [3]), { timeout: 60_000 }).toBe(true);
    await expectWhole(server, [1, 2, 3]);
    const { code, stderr } = await server.stop();
    expect(code).toBe(0);
    expect(stderr).toContain('certificate has expired');
    expectClear(stderr);
  }, 180_000);
});

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

/**
 *   disk      ── fills ── full ────────── larger ──
 *   sender    ── 200 ──── 503, 503 … ──── 200 ─────
 */
it.runIf(MOUNTED !== null || process.env.CI !== undefined)(
  'a ClickHouse server whose disk is full: senders are told, nothing acknowledged is lost, and it goes on when there is room (needs root, for a small tmpfs)',
  async () => {
    expect(MOUNTED, 'a tmpfs must be there in CI, which runs as root').not.toBeNull();
    const cluster = await ClickHouseCluster.start(1, MOUNTED!);
    onTestFinished(async () => {
      await cluster.stop();
      execFileSync('umount', ['-l', MOUNTED!]);
      rmSync(MOUNTED!, { recursive: true, force: true });
    });
    const server = await serve([...PATIENT, '--store', cluster.url()]);
    const acknowledged: number[] = [];
    let status = 200;
    for (let round = 0; status === 200 && round < 60; round++) {
      if (await sendOrders(server, [round])) acknowledged.push(round);
      status = (await post(server, filling(round))).status;
    }
    expect(status).toBe(503);
    expect(acknowledged.length).toBeGreaterThan(3);
    await expectWhole(server, acknowledged);
    execFileSync('mount', ['-o', 'remount,size=512m', MOUNTED!]);
    await expect.poll(() => sendOrders(server, [1000]), { timeout: 60_000 }).toBe(true);
    await expectWhole(server, [...acknowledged, 1000]);
    const { code, stderr } = await server.stop();
    expect(code).toBe(0);
    expectClear(stderr);
  },
  180_000,
);
