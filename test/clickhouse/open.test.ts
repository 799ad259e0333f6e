import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { spanBatch } from '@upshot/storage/contract-kit';
import { openServerStore } from '@upshot/storage-clickhouse';
import { expect, it, onTestFinished } from 'vitest';
import { spawnUpshot, upshot } from '../../packages/cli/test/fixtures/spawnUpshot.js';
import { selfSigned } from '../../packages/server/test/fixtures/selfSigned.js';
import { newDatabase, USER } from './rig/ClickHouseCluster.js';
import { describeClickHouse } from './rig/describeClickHouse.js';
import { freePorts } from './rig/freePorts.js';
import { hasOldServer, oldServer } from './rig/oldServer.js';
import { isWhole, orderOf, sendOrders } from './rig/orders.js';
import { CERTIFICATE, tlsInFront } from './rig/tlsInFront.js';

const PORTS = ['--port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0'];
const SECRET = 's3cr3t-nobody-may-read';

/** Why a store can't be opened: one line, without credentials. */
async function refusal(url: string): Promise<string> {
  const error: unknown = await openServerStore({ url }).then(
    (store) => store.close(),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'StorageError' });
  const { message } = error as Error;
  expect(message).toMatch(/^[^\n]+$/);
  // Whoever logs the error with its causes shows no more.
  const all = inspect(error, { depth: 10, showHidden: true });
  for (const secret of [SECRET, encodeURIComponent(USER.password), USER.password])
    expect(all).not.toContain(secret);
  return message;
}

describeClickHouse('a ClickHouse that can not be used', 1, (cluster) => {
  const at = (credentials: string, rest: string) =>
    `clickhouse://${credentials}@${cluster().nodes[0]!.address}/${rest}`;
  const known = `${USER.user}:${encodeURIComponent(USER.password)}`;

  it('says in one line that the password or the user is wrong', async () => {
    expect(await refusal(at(`upshot:${SECRET}`, 'x'))).toMatch(
      /does not take the user and password of the URL/,
    );
    const { code, stdout, stderr } = await upshot([
      'serve',
      ...PORTS,
      '--store',
      at(`upshot:${SECRET}`, 'x'),
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^upshot: clickhouse:[^\n]+ does not take the user and password of the URL\.\n$/);
    expect(stderr).not.toContain(SECRET);
    expect(await refusal(at(`nobody:${SECRET}`, 'x'))).toMatch(
      /does not take the user and password of the URL/,
    );
  });

  it('says which rights are missing, or that the user may only read', async () => {
    expect(await refusal(at('reader:reader', 'default'))).toMatch(
      /lacks rights that Upshot needs: GRANT INSERT ON default\.\*, CREATE TABLE ON default\.\*, .*TRUNCATE ON default\.\*\./,
    );
    expect(await refusal(at('reader:reader', newDatabase()))).toMatch(
      /refuses the user what Upshot needs: .*CREATE DATABASE/,
    );
    expect(await refusal(at('frozen:frozen', 'default'))).toMatch(
      /may only read: give one whose profile is not readonly/,
    );
  });

  it('says that there is no such cluster, and which there are', async () => {
    expect(await refusal(at(known, 'x?cluster=three'))).toMatch(
      /knows no cluster of this name; it knows .*two/,
    );
  });

  it('says that nobody is there, or something else', async () => {
    const [port] = await freePorts(1);
    expect(await refusal(`clickhouse://u:${SECRET}@127.0.0.1:${port}/x`)).toMatch(
      new RegExp(`clickhouse://127.0.0.1:${port}/x can't be reached \\(ECONNREFUSED\\)`),
    );
    expect(await refusal(`clickhouse://u:${SECRET}@no.such.host.invalid/x`)).toMatch(
      /can't be reached \((ENOTFOUND|EAI_AGAIN)\)/,
    );
    const other = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port: otherPort } = other.address() as AddressInfo;
    expect(await refusal(`clickhouse://u:${SECRET}@127.0.0.1:${otherPort}/x`)).toMatch(
      /does not answer as a ClickHouse does/,
    );
  });

  it('says that TLS is spoken by one side alone, or that nobody vouches for the certificate', async () => {
    const { port } = await tlsInFront(cluster().nodes[0]!.address);
    expect(await refusal(at(known, 'x?secure=true'))).toMatch(/speaks no TLS/);
    expect(await refusal(`clickhouse://${known}@127.0.0.1:${port}/x`)).toMatch(
      /does not speak HTTP|can't be reached|does not answer/,
    );
    expect(await refusal(`https://${known}@127.0.0.1:${port}/x`)).toMatch(
      /The certificate of .* is not trusted \(\w+\): name its authority with \?ca=FILE/,
    );
  });

  it('says that the certificate has expired', async () => {
    const old = selfSigned(Date.now() - 30 * 86_400_000);
    const { port } = await tlsInFront(cluster().nodes[0]!.address, old);
    const ca = join(mkdtempSync(join(tmpdir(), 'upshot-ca-')), 'ca.pem');
    writeFileSync(ca, old.cert);
    onTestFinished(() => rmSync(dirname(ca), { recursive: true }));
    expect(await refusal(`https://${known}@127.0.0.1:${port}/x?ca=${encodeURIComponent(ca)}`)).toMatch(
      /The certificate of clickhouse:[^ ]+ has expired: renew it there\./,
    );
  });

  it('says that the URL is wrong', async () => {
    expect(await refusal(`clickhouse://u:${SECRET}@h:1/x?user=${SECRET}`)).toMatch(
      /The ClickHouse URL is wrong/,
    );
  });

  it('says that a newer Upshot has been there', async () => {
    const database = newDatabase();
    await (await openServerStore({ url: at(known, database) })).close();
    await cluster().nodes[0]!.sql(`INSERT INTO ${database}.schema_versions (version) VALUES (1000)`);
    expect(await refusal(at(known, database))).toMatch(/was written by a newer Upshot \(schema 1000/);
  });

  it.runIf(hasOldServer || process.env.CI !== undefined)(
    'says that it is too old (Debian has one of 2018: apt-get install clickhouse-server)',
    async () => {
      expect(await refusal(`clickhouse://default:@${await oldServer()}/x`)).toMatch(
        /is ClickHouse 18\.16\.1, and Upshot needs 25\.3 or newer/,
      );
    },
  );
});

describeClickHouse('a ClickHouse server', 1, (cluster) => {
  it('is spoken to over TLS, by a certificate that is named', async () => {
    const { port } = await tlsInFront(cluster().nodes[0]!.address);
    const credentials = `${USER.user}:${encodeURIComponent(USER.password)}`;
    for (const url of [
      `clickhouse://${credentials}@127.0.0.1:${port}/${newDatabase()}?secure=true&ca=${encodeURIComponent(CERTIFICATE)}`,
      `https://${credentials}@localhost:${port}/${newDatabase()}?ca=${encodeURIComponent(CERTIFICATE)}`,
    ]) {
      const store = await openServerStore({ url });
      await store.write({
        spans: [spanBatch([{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }])],
        records: [],
      });
      expect((await store.find({ spanIds: ['b'.repeat(16)], limit: 2 })).spans.rows).toBe(1);
      await store.close();
    }
  });

  /** All that the process says and shows, at the start, at work, with the server away, and at the end. */
  it('is never told of with its credentials', async () => {
    const started = spawnUpshot(['serve', ...PORTS], { UPSHOT_STORE: cluster().url() });
    await expect.poll(() => started.printed.stdout, { timeout: 20_000 }).toContain('\n');
    const ui = / ui=(\S+) /.exec(started.printed.stdout)![1]!;
    const otlpHttp = / otlp-http=(\S+) /.exec(started.printed.stdout)![1]!;
    expect(started.printed.stdout).toMatch(/ store=clickhouse:\/\/127\.0\.0\.1:\d+\/upshot_\w+\n$/);
    const shown: string[] = [];
    const look = async () => {
      for (const path of [
        '/metrics',
        '/readyz',
        '/api/workflows',
        '/api/workflows/order_1',
        '/api/spans/1/2',
      ])
        shown.push(await (await fetch(ui + path)).text());
    };
    expect(await sendOrders({ otlpHttp }, [1])).toBe(true);
    await look();
    await cluster().nodes[0]!.kill();
    const away = sendOrders({ otlpHttp }, [2]);
    await look();
    await cluster().nodes[0]!.start();
    expect(await away).toBe(true);
    await expect.poll(() => orderOf({ ui }, 2).then(isWhole), { timeout: 20_000 }).toBe(true);
    started.child.kill('SIGTERM');
    const { code, stdout, stderr } = await started.finished;
    expect(code).toBe(0);
    expect(stderr).toMatch(/ECONNREFUSED|socket|does not answer/);
    for (const text of [stdout, stderr, ...shown]) {
      expect(text).not.toContain(USER.password);
      expect(text).not.toContain(encodeURIComponent(USER.password));
      expect(text).not.toContain(Buffer.from(`${USER.user}:${USER.password}`).toString('base64'));
    }
  }, 60_000);

  it('keeps apart what lies in two databases', async () => {
    const [one, other] = await Promise.all([0, 1].map(() => openServerStore({ url: cluster().url() })));
    await one!.putDocument('a', 'one');
    expect([await one!.document('a'), await other!.document('a')]).toEqual(['one', null]);
    await Promise.all([one!.close(), other!.close()]);
  });
});
