import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { order } from './fixtures/orders.js';
import { serve, spawnUpshot, temporaryDirectory, upshot } from './fixtures/spawnUpshot.js';

function send(otlpHttp: string, document: unknown): Promise<Response> {
  return fetch(`${otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document),
  });
}

describe('upshot serve', () => {
  it('says in one line where it is, keeps what it acknowledged over a restart, and ends well', async () => {
    const store = join(temporaryDirectory(), 'data');
    const first = await serve(['--store', store]);
    expect(first.ready).toMatch(
      /^upshot ready ui=http:\/\/127\.0\.0\.1:\d+ otlp-http=http:\/\/127\.0\.0\.1:\d+ otlp-grpc=http:\/\/127\.0\.0\.1:\d+ store=/,
    );
    expect(first.store).toBe(store);
    expect((await fetch(`${first.ui}/readyz`)).status).toBe(200);
    expect((await send(first.otlpHttp, order(1))).status).toBe(200);
    // Read your writes: no pause between the acknowledgement and the question.
    expect(await (await fetch(`${first.ui}/api/workflows/order_1`)).json()).toMatchObject({ key: 'order_1' });
    expect(await first.stop()).toEqual({ code: 0, signal: null, stdout: `${first.ready}\n`, stderr: '' });

    const second = await serve(['--store', store]);
    expect(await (await fetch(`${second.ui}/api/workflows/order_1`)).json()).toMatchObject({
      key: 'order_1',
    });
    expect((await second.stop('SIGINT')).code).toBe(0);
  });

  it('lets one process use a directory, and tells the second in one line', async () => {
    const store = join(temporaryDirectory(), 'data');
    const first = await serve(['--store', store]);
    const second = await upshot([
      'serve',
      '--port',
      '0',
      '--otlp-http-port',
      '0',
      '--otlp-grpc-port',
      '0',
      '--store',
      store,
    ]);
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toBe(
      `upshot: The data directory ${store} is in use by process ${first.child.pid}.\n`,
    );
    expect((await send(first.otlpHttp, order(1))).status).toBe(200);
  });

  it.each(['--port', '--otlp-http-port', '--otlp-grpc-port'])(
    'says which port is taken: %s',
    async (option) => {
      const holder = createServer().listen(0, '127.0.0.1');
      onTestFinished(() => void holder.close());
      await new Promise((resolve) => holder.once('listening', resolve));
      const { port } = holder.address() as { port: number };
      const free = ['--port', '--otlp-http-port', '--otlp-grpc-port'].flatMap((name) => [
        name,
        name === option ? `${port}` : '0',
      ]);
      expect(await upshot(['serve', '--store', 'memory', ...free])).toEqual({
        code: 2,
        signal: null,
        stdout: '',
        stderr: `upshot: Port ${port} on 127.0.0.1 is taken: stop what listens there, or choose another with ${option}\n`,
      });
    },
  );

  it.each([
    [['--prot', '1'], /unknown option '--prot' \(Did you mean --port\?\)/],
    [['--port', '70000'], /--port is a whole number from 0 to 65535/],
    [['--port', '-1'], /--port/],
    [['extra'], /too many arguments/],
    [['--retention', 'long'], /--retention must be a duration such as 12h or 14d, and is "long"/],
    [['--store', 'clickhouse://user:secret@/x'], /The ClickHouse URL is wrong/],
    [['--store', 'postgres://user:secret@db/x'], /--store must be a directory, clickhouse:.* or "memory"/],
    [['--store', ''], /--store is empty/],
    [['--token', 'a', '--token-file', '/nowhere'], /--token or --token-file, not both/],
    [['--token-file', '/nowhere/token'], /token file \/nowhere\/token can't be read \(ENOENT\)/],
    [['--tls-cert', '/nowhere/cert'], /both --tls-cert and --tls-key/],
    [
      ['--tls-cert', '/nowhere/cert', '--tls-key', '/nowhere/key'],
      /--tls-cert \/nowhere\/cert can't be read/,
    ],
    [['--host', '0.0.0.0'], /0\.0\.0\.0 can be reached from other machines: give a token/],
    [['--host', '203.0.113.7', '--insecure'], /203\.0\.113\.7 is no address of this machine/],
  ])('refuses %j in one line, without a secret', async (args, message) => {
    const store = args.includes('--store') ? [] : ['--store', 'memory'];
    const { code, stdout, stderr } = await upshot([
      'serve',
      '--port',
      '0',
      '--otlp-http-port',
      '0',
      '--otlp-grpc-port',
      '0',
      ...store,
      ...args,
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^upshot: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('secret');
  });

  it('refuses a certificate that is none', async () => {
    const file = join(temporaryDirectory(), 'cert.pem');
    writeFileSync(file, 'nothing');
    const { code, stderr } = await upshot([
      'serve',
      '--store',
      'memory',
      '--tls-cert',
      file,
      '--tls-key',
      file,
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^upshot: --tls-cert .* make no TLS identity .*\n$/);
  });

  it('reads every option from the environment as well', async () => {
    const directory = temporaryDirectory();
    const tokenFile = join(directory, 'token');
    writeFileSync(tokenFile, ' sesame \n');
    const started = spawnUpshot(['serve'], {
      UPSHOT_HOST: 'localhost',
      UPSHOT_PORT: '0',
      UPSHOT_OTLP_HTTP_PORT: '0',
      UPSHOT_OTLP_GRPC_PORT: '0',
      UPSHOT_STORE: 'memory',
      UPSHOT_RETENTION: '1h',
      UPSHOT_TOKEN_FILE: tokenFile,
    });
    onTestFinished(() => void started.child.kill('SIGKILL'));
    while (!started.printed.stdout.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 20));
    const [, ui, otlpHttp] = /ui=(\S+) otlp-http=(\S+) .* store=memory$/m.exec(started.printed.stdout)!;
    expect((await fetch(`${ui}/api/workflows`)).status).toBe(401);
    const authorization = 'Bearer sesame';
    expect((await fetch(`${ui}/api/workflows`, { headers: { authorization } })).status).toBe(200);
    const refused = await fetch(`${otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(order(1, { start: 1_000_000_000_000_000_000n })),
    });
    expect(await refused.json()).toMatchObject({
      partialSuccess: { rejectedSpans: expect.anything(), errorMessage: expect.stringMatching(/retention/) },
    });
    expect(existsSync('memory')).toBe(false);
  });

  it('answers what it took before it ends', async () => {
    const server = await serve(['--store', join(temporaryDirectory(), 'data')]);
    const sent = Array.from({ length: 20 }, (_, i) =>
      send(server.otlpHttp, order(i)).then(({ status }) => status),
    );
    await Promise.race(sent);
    const finished = server.stop();
    const statuses = await Promise.all(sent.map((status) => status.catch(() => 0)));
    expect((await finished).code).toBe(0);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
    expect(statuses.filter((status) => ![0, 200, 503].includes(status))).toEqual([]);
  });
});
