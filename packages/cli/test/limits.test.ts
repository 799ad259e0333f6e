import { DEFAULT_LIMITS } from '@upshot/receiver';
import { DEFAULT_ASK_LIMITS } from '@upshot/server';
import { describe, expect, it } from 'vitest';
import { LIMIT_OPTIONS, limitsOf, parsedLimit } from '../src/serve/limitOptions.js';
import { order } from './fixtures/orders.js';
import { serve, upshot } from './fixtures/spawnUpshot.js';

/** What is a matter of the machine and of no sender. */
const OWN = new Set(['threads', 'heapMb', 'graceMs', 'niceness']);

describe('the limits of upshot serve', () => {
  it('are options, each of them, with the default that holds without it', () => {
    const receiver = LIMIT_OPTIONS.filter((one) => 'receiver' in one);
    const ask = LIMIT_OPTIONS.filter((one) => 'ask' in one);
    expect(receiver.map((one) => one.receiver).sort()).toEqual(Object.keys(DEFAULT_LIMITS).sort());
    expect(ask.map((one) => one.ask).sort()).toEqual(
      Object.keys(DEFAULT_ASK_LIMITS)
        .filter((name) => !OWN.has(name))
        .sort(),
    );
    for (const { unit, fallback, ...one } of LIMIT_OPTIONS)
      expect([one.name, parsedLimit(unit, fallback)]).toEqual([
        one.name,
        'receiver' in one ? DEFAULT_LIMITS[one.receiver] : DEFAULT_ASK_LIMITS[one.ask],
      ]);
  });

  it('are told by --help, with their defaults and variables', async () => {
    const { code, stdout } = await upshot(['serve', '--help']);
    expect(code).toBe(0);
    const text = stdout.replaceAll(/\s+/g, ' ');
    for (const { name, fallback } of LIMIT_OPTIONS) {
      expect(text).toContain(`--${name} <`);
      expect(text).toMatch(
        new RegExp(
          `--${name} <[^-]*(-[^-]+)*\\(default: ${fallback}, env: UPSHOT_${name.toUpperCase().replaceAll('-', '_')}\\)`,
        ),
      );
    }
  });

  it.each([
    [['--max-body', '0'], /--max-body is a number of bytes such as/],
    [['--max-body', '16 MB'], /--max-body is a number of bytes such as/],
    [['--max-links', '-1'], /--max-links is a whole number from 1/],
    [['--idle-timeout', '10'], /--idle-timeout is a duration such as/],
    [['--retry-after', '1500ms'], /--retry-after is a duration of whole seconds/],
    [['--max-in-flight', '1MiB'], /--max-in-flight must hold the largest request/],
  ])('are refused where they make no sense: %j', async (args, message) => {
    const { code, stdout, stderr } = await upshot(['serve', '--store', 'memory', '--port', '0', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^upshot: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });

  it('reach the server, by option and by variable', async () => {
    const server = await serve(['--store', 'memory', '--max-body', '2KiB', '--max-answer-rows', '2'], {
      UPSHOT_MAX_ATTRIBUTES: '3',
    });
    const send = (document: unknown) =>
      fetch(`${server.otlpHttp}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(document),
      });
    const large = await send({ resourceSpans: [], filler: 'x'.repeat(3000) });
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('2048')]);
    const attributes = Array.from({ length: 9 }, (_, n) => ({ key: `k${n}`, value: { intValue: n } }));
    const span = {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      name: 'n',
      startTimeUnixNano: '1',
      attributes,
    };
    expect((await send({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })).status).toBe(200);
    const stored = await (await fetch(`${server.ui}/api/spans/${span.traceId}/${span.spanId}`)).text();
    expect(stored).toContain('upshot.cut.attributes');
    expect(stored).not.toContain('"k3"');
    expect((await send({ resourceSpans: order(1).resourceSpans.slice(0, 1) })).status).toBe(200);
    expect((await send({ resourceSpans: order(1).resourceSpans.slice(1) })).status).toBe(200);
    expect((await fetch(`${server.ui}/api/workflows/a${'1'.padStart(31, '0')}`)).status).toBe(422);
    await server.stop();
  });

  it('leave out what was not given', () => {
    expect(limitsOf({ maxLinks: 5 })).toEqual({ receiverLimits: { linksPerSpan: 5 }, askLimits: {} });
  });
});
