import { readFileSync } from 'node:fs';
import type { FindingGroup, Propagation, Topology } from '@upshot/model';
import { describe, expect, it, vi } from 'vitest';
import { run } from '../src/program.js';
import { conventions, RECORDING } from './fixtures/lintInput.js';
import { now } from './fixtures/orders.js';
import { shop } from './fixtures/shop.js';
import { type Served, serve, temporaryDirectory, upshot } from './fixtures/spawnUpshot.js';
import { withoutContext } from './fixtures/withoutContext.js';

const SECOND = 1_000_000_000n;
/** What could steer a terminal: colours, a title, a bell, a C1 control, a right-to-left override, a line separator. */
const HOSTILE = '\u001b[31mred\u001b]0;title\u0007\u009b2J\u202egnp.exe\u2028x';
/** Everything that a terminal obeys but line feeds. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u;

type Shop = Parameters<typeof shop>[0];

async function send(server: Served, document: unknown): Promise<void> {
  const response = await fetch(`${server.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document),
  });
  expect(response.status).toBe(200);
}

async function serverWithShop(options: Partial<Shop> = {}, args = ['--store', 'memory']): Promise<Served> {
  const server = await serve(args);
  await send(server, shop({ orders: 40, start: now() - 600n * SECOND, ...options }));
  return server;
}

describe('upshot hops', () => {
  it('says in one sentence that a release lost its context, for whom, and what mends it', async () => {
    const { env } = await serverWithShop({ producerLosesFrom: 10 });
    const { code, stdout, stderr } = await upshot(['hops'], env);
    expect([code, stderr]).toEqual([0, '']);
    const flat = stdout.replaceAll(/\s+/g, ' ');
    expect(flat).toMatch(
      /✗ checkout-api → orders: its messages carry no context; 3 consumers start new traces; 30 workflows since \d{4}-\d\d-\d\d \d\d:\d\d UTC are cut there, since version 2\.0\.0 of checkout-api\./,
    );
    expect(flat).toContain('checkout-api 2.0.0, whole with 1.9.3');
    expect(flat).toMatch(/Fix: In checkout-api .*propagation\.inject/);
    expect(stdout).toMatch(/^ {2}billing +✗ broken +40 +10 +30 +0 /m);
    expect(stdout.indexOf('✗ checkout-api')).toBeLessThan(stdout.indexOf('CONSUMER'));
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toMatch(CONTROL);
  });

  it('blames the consumer that does not extract, and fails a pipeline where that is wished', async () => {
    const { env } = await serverWithShop({ deaf: 'shipping' });
    const broken = await upshot(['hops', '--broken', '--fail-on-broken'], env);
    expect(broken.code).toBe(1);
    expect(broken.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'checkout-api → orders → shipping: the messages carry context and shipping does not extract it',
    );
    expect(broken.stdout).not.toMatch(/^ {2}billing/m);
    const json = await upshot(['hops', '--broken', '--json'], env);
    expect((JSON.parse(json.stdout) as Propagation).hops.map(({ consumer }) => consumer)).toEqual([
      'shipping',
    ]);
  });

  it('is content with a fleet that carries its context', async () => {
    const { env } = await serverWithShop();
    expect(await upshot(['hops', '--broken', '--fail-on-broken'], env)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'No hop is broken: 3 carry their context\n',
    });
    expect((await upshot(['hops', '--fail-on-broken'], env)).stdout).toMatch(/^3 hops · 3 whole/);
    expect((await upshot(['hops', '--since', '1s'], env)).stderr).toMatch(/^No deliveries since 1s: /);
    expect(await upshot(['hops', '--since', 'yesterday'], env)).toMatchObject({ code: 2, stdout: '' });
  });

  it('shows what became of a recording of a real library whose headers were lost', async () => {
    const recording = JSON.parse(readFileSync(RECORDING, 'utf8')) as unknown;
    const [whole, cut] = [await serve(['--store', 'memory']), await serve(['--store', 'memory'])];
    await send(whole, recording);
    await send(cut, withoutContext(recording));
    expect((await upshot(['hops', '--fail-on-broken'], whole.env)).code).toBe(0);
    const { code, stdout } = await upshot(['hops', '--fail-on-broken'], cut.env);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ broken/);
    const answers = await Promise.all(
      [whole, cut].map(
        async ({ env }) => JSON.parse((await upshot(['hops', '--json'], env)).stdout) as Propagation,
      ),
    );
    const deliveries = answers.map(({ hops }) => hops.reduce((sum, hop) => sum + hop.deliveries, 0));
    expect(deliveries[1]).toBe(deliveries[0]);
  });
});

describe('upshot topology', () => {
  it('prints a tree, and draws', async () => {
    const { env } = await serverWithShop({ ledgerFails: 'HTTP 503' });
    const { code, stdout } = await upshot(['topology'], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/◆ order\.placed · 40 published/);
    expect(stdout).toMatch(/ {2}← checkout-api\n/);
    expect(stdout).toMatch(/→ ledger · 40 deliveries/);
    expect((await upshot(['topology', '--format', 'mermaid'], env)).stdout).toMatch(
      /^flowchart LR\n {2}e0\(\["order\.placed"\]\)\n/,
    );
    expect((await upshot(['topology', '--format', 'dot'], env)).stdout).toMatch(/^digraph topology \{/);
    for (const form of [['--format', 'json'], ['--json']]) {
      const answer = JSON.parse((await upshot(['topology', ...form], env)).stdout) as Topology;
      expect(answer.events[0]!.consumers.map(({ consumer }) => consumer).sort()).toEqual([
        'billing',
        'ledger',
        'shipping',
      ]);
    }
    expect(await upshot(['topology', '--format', 'svg'], env)).toMatchObject({ code: 2, stdout: '' });
    expect(await upshot(['topology', '--since', '1s'], env)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'No events since 1s: send traces or event records first\n',
    });
  });
});

describe('upshot findings', () => {
  it('shows each cause once, mutes it with a reason that outlives a restart, and unmutes it', async () => {
    const store = ['--store', temporaryDirectory()];
    const first = await serverWithShop({ deaf: 'shipping' }, store);
    const { stdout } = await upshot(['findings'], first.env);
    expect(stdout).toMatch(/^1 cause\n/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/! broken-causality: .*: 40 workflows since /);
    const id = /group ([0-9a-f]{16})\n/.exec(stdout)![1]!;
    const mute = ['findings', 'mute', id, '--reason', 'known, see ticket 17', '--for', '7d'];
    expect(await upshot(mute, first.env)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: `${id} is muted for 7d\n`,
    });
    await first.stop();

    const second = await serve(store);
    const muted = await upshot(['findings'], second.env);
    expect(muted.stdout).toMatch(/^Nothing was found\. · 1 muted\n/);
    expect(muted.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /muted until .* \(in 6 days\): known, see ticket 17/,
    );
    expect((await upshot(['findings', 'unmute', id], second.env)).code).toBe(0);
    expect((await upshot(['findings', '--groups'], second.env)).stdout).toMatch(/^1 cause\n/);
  });

  it('shows the feed, as far as wished', async () => {
    const { env } = await serverWithShop({ deaf: 'shipping' });
    const { code, stdout, stderr } = await upshot(['findings', '--feed', '--limit', '2'], env);
    expect(code).toBe(0);
    expect(stdout.match(/^! broken-causality:/gm)).toHaveLength(2);
    expect(stdout).toMatch(/[·\n] +group [0-9a-f]{16}\n/);
    expect(stderr).toBe('2 shown; there are more: narrow it with --since or --kind, or raise --limit\n');
    const none = await upshot(['findings', '--kind', 'clock-skew', '--since', '1h'], env);
    expect(none).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Nothing found of kind clock-skew since 1h\n',
    });
    const json = await upshot(['findings', '--json'], env);
    expect((JSON.parse(json.stdout).groups as FindingGroup[])[0]).toMatchObject({ count: 40, muted: null });
  });

  it.each([
    [['findings', '--feed', '--groups'], /'--feed' cannot be used with option '--groups'/],
    [['findings', '--kind', 'nonsense'], /--kind <kind>' argument 'nonsense' is invalid/],
    [['findings', 'mute', '0123456789abcdef'], /required option '--reason <text>'/],
    [
      ['findings', 'mute', 'x\u001b[2J', '--reason', 'y'],
      /x\\u001b\[2J is no group of findings: .*16 hex digits/,
    ],
    [['findings', 'mute', '0123456789abcdef', '--reason', 'y', '--for', 'ever'], /for must be a duration/],
    [['findings', 'unmute'], /missing required argument 'id'/],
  ])('refuses %j in one line', async (args, message) => {
    const { env } = await serve(['--store', 'memory']);
    const { code, stdout, stderr } = await upshot(args, env);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^upshot: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(CONTROL);
  });
});

describe('upshot conventions', () => {
  it('shows the rules in force, or that there are none', async () => {
    const server = await serverWithShop({}, ['--store', 'memory', '--conventions', conventions()]);
    const { code, stdout } = await upshot(['conventions'], server.env);
    expect(code).toBe(0);
    expect(stdout).toContain('  requiredFields: traceId, eventId, correlationId, consumerName\n');
    // Nothing of it names a correlation.
    expect(stdout).toMatch(/^checkout-api +40 +0 +0\.0 % /m);
    expect(stdout).toMatch(/^ {2}requiredFields\.correlationId · broken 40 times /m);
    const { traceConventions } = JSON.parse((await upshot(['conventions', '--json'], server.env)).stdout);
    expect(traceConventions.spanNaming).toEqual({ style: 'business-step-first' });
    const without = await serve(['--store', 'memory']);
    expect(await upshot(['conventions'], without.env)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('serve --conventions FILE'),
    });
  });
});

describe('upshot rebuild', () => {
  it('makes the same of what is stored', async () => {
    const { env } = await serverWithShop({ producerLosesFrom: 10 });
    const counted = async () => {
      const { asOf: _, ...answer } = JSON.parse(
        (await upshot(['hops', '--json'], env)).stdout,
      ) as Propagation;
      return answer;
    };
    const before = await counted();
    expect(before.hops).toHaveLength(3);
    expect(await upshot(['rebuild'], env)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Begun; `upshot hops` says up to when all is counted\n',
    });
    await vi.waitFor(async () => expect(await counted()).toEqual(before), { timeout: 60_000, interval: 200 });
  });
});

describe('whatever names are', () => {
  it('no command lets one steer the terminal, nor become a part of a drawing', async () => {
    const names = { producer: `p${HOSTILE}`, event: `e"]; x\n${HOSTILE}`, consumer: `c${HOSTILE}` };
    const { env, ui } = await serverWithShop({ producerLosesFrom: 0, names });
    const commands = [
      ['hops'],
      ['hops', '--json'],
      ['topology'],
      ['topology', '--json'],
      ['topology', '--format', 'mermaid'],
      ['topology', '--format', 'dot'],
      ['findings'],
      ['findings', '--json'],
      ['findings', '--feed'],
      ['findings', '--feed', '--json'],
    ];
    for (const command of commands) {
      const { code, stdout } = await upshot(command, env);
      expect([command, code]).toEqual([command, 0]);
      expect(stdout, command.join(' ')).toContain('gnp.exe');
      expect(stdout, command.join(' ')).not.toMatch(CONTROL);
    }
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
    expect(await run(['hops', '--url', ui], terminal, '1.0.0')).toBe(0);
    expect(painted).toContain('\u001b[31m✗');
    expect(painted.replaceAll(/\u001b\[[0-9;]*m/g, '')).not.toMatch(CONTROL);
  }, 120_000);
});
