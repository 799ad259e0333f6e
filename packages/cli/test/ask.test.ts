import type { WorkflowGraph } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { run } from '../src/program.js';
import { order } from './fixtures/orders.js';
import { type Served, serve, upshot } from './fixtures/spawnUpshot.js';

/** What could steer a terminal: colours, a title, a bell, a C1 control, a right-to-left override, a line separator. */
const HOSTILE = '\u001b[31mred\u001b]0;title\u0007\u009b2J\u202egnp.exe\u2028x';

async function serverWithOrders(args: readonly string[] = []): Promise<Served> {
  const server = await serve(['--store', 'memory', ...args]);
  const documents = [
    order(1),
    order(2, { error: 'HTTP 503' }),
    order(3, { key: `bad${HOSTILE}`, error: HOSTILE }),
  ];
  for (const document of documents) {
    const response = await fetch(`${server.otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sesame' },
      body: JSON.stringify(document),
    });
    expect(response.status).toBe(200);
  }
  return server;
}

/** Everything that a terminal obeys but line feeds. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u;

describe('upshot show', () => {
  it('prints the tree as the API does, plain in a pipe', async () => {
    const { env, ui } = await serverWithOrders();
    const shown = await upshot(['show', 'order_2'], env);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^order_2 correlation ID .*failed\n/);
    expect(shown.stdout).toContain('HTTP 503');
    expect(shown.stdout).not.toMatch(CONTROL);
    for (const line of shown.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const text = await (await fetch(`${ui}/api/workflows/order_2?format=text`)).text();
    // Ages differ by the moment of asking.
    const ageless = (page: string) => page.replaceAll(/\d+ (?:s|min|h|days?) ago/g, 'some time ago');
    expect(ageless(shown.stdout)).toBe(ageless(text));
  });

  it('prints the answer of the API with --json, and no character that a terminal obeys', async () => {
    const { env, ui } = await serverWithOrders();
    const key = `bad${HOSTILE}`;
    const { code, stdout } = await upshot(['show', key, '--json'], env);
    expect(code).toBe(0);
    const response = await fetch(`${ui}/api/workflows/${encodeURIComponent(key)}`);
    const answer = (await response.json()) as WorkflowGraph;
    expect(JSON.parse(stdout).deliveries).toEqual(answer.deliveries);
    expect(JSON.parse(stdout).key).toBe(key);
    expect(stdout).not.toMatch(CONTROL);
    expect((await upshot(['show', key], env)).stdout).not.toMatch(CONTROL);
  });

  it('paints on a terminal, as wide as that is', async () => {
    const { ui } = await serverWithOrders();
    let painted = '';
    const terminal = {
      out: (text: string) => {
        painted += text;
      },
      err: () => {},
      color: true,
      columns: 120,
      interactive: true,
    };
    expect(await run(['show', 'order_2', '--url', ui], terminal, '1.0.0')).toBe(0);
    expect(painted).toContain('\u001b[31m');
    expect(await run(['find', '503', '--url', ui], terminal, '1.0.0')).toBe(0);
    expect(painted).toMatch(/\u001b\[31mfailed\u001b\[0m/);
    expect(painted.replaceAll(/\u001b\[[0-9;]*m/g, '')).not.toMatch(CONTROL);
  });

  it('says in one line what it does not know, and that nobody is there', async () => {
    const { env } = await serverWithOrders();
    const unknown = await upshot(['show', `x${HOSTILE}`], env);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toMatch(/^upshot: Nothing is known by x\\u001b.*\n$/);
    expect(unknown.stderr).not.toMatch(CONTROL);
    const nobody = await upshot(['show', 'x', '--url', 'http://127.0.0.1:9']);
    expect(nobody).toMatchObject({ code: 2, stdout: '' });
    expect(nobody.stderr).toMatch(
      /^upshot: Upshot can't be reached at http:\/\/127\.0\.0\.1:9 \(.*\)[^\n]*\n$/,
    );
    const wrong = await upshot(['show', 'x', '--url', 'nonsense']);
    expect(wrong).toMatchObject({
      code: 2,
      stderr: 'upshot: --url must be a URL such as http://127.0.0.1:4320, and is nonsense\n',
    });
  });

  it('gives the token', async () => {
    const { env } = await serverWithOrders(['--token', 'sesame']);
    const without = await upshot(['show', 'order_1'], env);
    expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('UPSHOT_TOKEN') });
    expect((await upshot(['show', 'order_1'], { ...env, UPSHOT_TOKEN: 'sesame' })).code).toBe(0);
    expect((await upshot(['find', 'order_1', '--token', 'sesame'], env)).stdout).toContain('order_1');
  });
});

describe('upshot find', () => {
  it('lists workflows as a table', async () => {
    const { env } = await serverWithOrders();
    const { code, stdout } = await upshot(['find', '--width', '110'], env);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^STATUS +AGE +KEY +STARTED BY/);
    expect(stdout).toMatch(/^failed +1 h +order_2 .*checkout · POST \/orders/m);
    expect(stdout).toMatch(/^completed +1 h +order_1 /m);
    expect(stdout).not.toMatch(CONTROL);
  });

  it.each([
    [['order_2'], ['order_2']],
    [['503'], ['order_2']],
    [['--status', 'completed'], ['order_1']],
    [['--consumer', 'mail', '--status', 'failed,stuck', '503'], ['order_2']],
    [['--attr', 'messaging.system:kafka', '--attr', 'service.name:mail', 'order_1'], ['order_1']],
    [['--since', '1m'], []],
  ])('filters: %j', async (args, keys) => {
    const { env } = await serverWithOrders();
    const { code, stdout, stderr } = await upshot(['find', '--json', ...args], env);
    expect([code, stderr]).toEqual([0, '']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .flatMap((page) => JSON.parse(page).workflows);
    expect(rows.map(({ key }) => key)).toEqual(keys);
  });

  it('says so where there is nothing, and what is wrong with a filter', async () => {
    const { env } = await serverWithOrders();
    expect(await upshot(['find', 'no-such-thing'], env)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Nothing found for no-such-thing\n',
    });
    const wrong = await upshot(['find', '--status', 'broken'], env);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toMatch(/^upshot: status must be one of completed, in-progress.*"broken"\n$/);
  });
});

describe('upshot', () => {
  it('explains itself', async () => {
    const { code, stdout } = await upshot(['--help']);
    expect(code).toBe(0);
    const listed = stdout.slice(stdout.indexOf('Commands:')).split('\n').slice(1);
    // Each with its sentence on the one line, for a line that goes on begins with more blanks.
    const commands = listed.flatMap(
      (line) => /^ {2}([a-z]+) (?:.*\S)? {2,}[a-z].*[a-z]$/.exec(line)?.[1] ?? [],
    );
    expect(commands).toEqual([
      ...['serve', 'demo', 'show', 'find', 'tail', 'hops', 'topology', 'findings', 'conventions', 'lint'],
      ...['import', 'export', 'forget', 'reindex', 'rebuild', 'doctor', 'help'],
    ]);
    expect(listed.filter((line) => line !== '')).toHaveLength(commands.length);
    commands.pop();
    for (const command of commands) {
      const help = await upshot([command, '--help']);
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toMatch(new RegExp(`^Usage: upshot ${command} `));
    }
    expect((await upshot(['serve', '--help'])).stdout).toMatch(
      /--otlp-http-port <port> .*\(default: 4318, env:\s+UPSHOT_OTLP_HTTP_PORT\)/s,
    );
    expect((await upshot(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['sevre'], /unknown command 'sevre' \(Did you mean serve\?\)/],
    [['show'], /missing required argument 'key'/],
    [['show', 'x', '--limit', '0'], /--limit is a whole number from 1 to 100000/],
    [['find', 'a', 'b'], /too many arguments/],
    [['import'], /missing required argument 'file'/],
  ])('refuses %j in one line with exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await upshot(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^upshot: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });
});
