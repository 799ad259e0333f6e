import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { conventions, file, PLAIN, RECORDING, type Report, recording } from './fixtures/lintInput.js';
import { type OtlpDocument, order } from './fixtures/orders.js';
import { serve, temporaryDirectory, upshot } from './fixtures/spawnUpshot.js';

async function report(args: readonly string[]): Promise<Report> {
  const { stdout } = await upshot(['lint', '--format', 'json', ...args]);
  return JSON.parse(stdout) as Report;
}

describe('upshot lint of recordings', () => {
  it('tells what to mend by rule and service, with the line that would, and ends with 1', async () => {
    const { code, stdout, stderr } = await upshot(['lint', recording(), '--conventions', conventions()]);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('requiredFields.consumerName\n  warning  mail: order.placed, in 1 workflow\n');
    expect(stdout).toContain('spanNaming.style\n  warning  mail: orders process, in 1 workflow\n');
    expect(stdout).toContain(
      "Fix: In mail, on the span that processes it: span.setAttribute('upshot.consumer', 'mail')",
    );
    expect(stdout).toMatch(/Example: order_1 in \S+orders\.json\n/);
    expect(stdout).toMatch(/\n2 problems \(2 warnings\) in 1 workflow of 2 services\n$/);
  });

  it('ends with 0 where nothing is to be mended', async () => {
    const text = 'traceConventions: {requiredFields: [traceId, eventId, correlationId]}';
    expect(await upshot(['lint', recording(), '--conventions', conventions(text)])).toMatchObject({
      code: 0,
      stdout: 'No problems in 1 workflow of 2 services\n',
    });
  });

  it('fails from the severity that is asked for', async () => {
    const args = ['lint', recording(), '--conventions', conventions()];
    expect((await upshot([...args, '--fail-on', 'error'])).code).toBe(0);
    const weighed = conventions(`${PLAIN}  severity: {requiredFields: info, spanNaming: error}\n`);
    expect((await upshot(['lint', recording(), '--conventions', weighed, '--fail-on', 'error'])).code).toBe(
      1,
    );
  });

  it('reads several files together, gzipped or not, and event records and CloudEvents', async () => {
    const directory = temporaryDirectory();
    const { resourceSpans } = order(1);
    const part = (name: string, spans: unknown[]) =>
      file(name, JSON.stringify({ resourceSpans: spans }), directory);
    const files = [
      part('checkout.json', resourceSpans.slice(0, 1)),
      part('mail.json', resourceSpans.slice(1)),
    ];
    const spans = await report([...files, '--conventions', conventions()]);
    expect(spans).toMatchObject({ workflows: 1, services: ['checkout', 'mail'] });
    expect(spans.problems).toHaveLength(2);
    const gz = file('all.bin', gzipSync(JSON.stringify(order(1))), directory);
    expect((await report([gz, '--conventions', conventions()])).problems).toHaveLength(2);

    const record = { eventId: 'e1', eventName: 'order.placed', producer: 'checkout', correlationId: 'o1' };
    const consumed = { ...record, consumerName: 'mail', step: 'send-confirmation', traceId: 't1' };
    const lines = file(
      'events.ndjson',
      `${JSON.stringify(record)}\n${JSON.stringify(consumed)}\n`,
      directory,
    );
    const list = file('events.json', JSON.stringify([record, consumed], null, 2), directory);
    for (const events of [lines, list]) {
      const { problems, workflows } = await report([events, '--conventions', conventions()]);
      expect([workflows, problems.map(({ rule, service }) => `${rule} ${service}`)]).toEqual([
        1,
        ['requiredFields.traceId checkout'],
      ]);
    }
    const cloudEvent = { specversion: '1.0', id: 'e2', source: 'checkout', type: 'order.placed' };
    const cloudEvents = file('cloud.json', JSON.stringify([cloudEvent]), directory);
    expect(
      (await report([cloudEvents, '--conventions', conventions()])).problems.map(({ rule }) => rule),
    ).toEqual(['requiredFields.correlationId', 'requiredFields.traceId']);
  });

  it('looks for lost context without any conventions, and says so', async () => {
    const { resourceSpans } = order(1);
    const text = JSON.stringify({ resourceSpans }).replace(/"links":\[[^\]]*\]/, '"links":[]');
    const { code, stdout, stderr } = await upshot(['lint', file('lost.json', text)]);
    expect(code).toBe(1);
    expect(stdout).toContain('broken-causality\n  warning  checkout: order.placed → mail, in 1 workflow\n');
    expect(stderr).toContain('no --conventions given');
    expect((await upshot(['lint', file('lost.json', text), '--kinds', 'convention'])).code).toBe(0);
  });

  it('misses what was expected, for a recording has ended, and heeds exceptions by the day', async () => {
    const expected =
      'traceConventions:\n  expectedConsumers: {order.placed: {consumer: warehouse, within: 2d}}\n';
    expect((await report([recording(), '--conventions', conventions(expected)])).problems).toMatchObject([
      { rule: 'missing-delivery', service: 'warehouse', name: 'order.placed', severity: 'error' },
    ]);
    const until = (day: string) =>
      conventions(
        `${expected}  exceptions: [{rule: expectedConsumers, service: warehouse, until: ${day}}]\n`,
      );
    expect((await report([recording(), '--conventions', until('2999-12-31')])).problems).toEqual([]);
    expect((await report([recording(), '--conventions', until('2020-12-31')])).problems).toHaveLength(1);
  });

  it.each([
    [['nowhere.json'], /^upshot: nowhere\.json can't be read \(ENOENT\)\n$/],
    [['--kinds', 'nonsense', RECORDING], /--kinds: nonsense is none; there are broken-causality, /],
    [['--write-baseline', RECORDING], /--write-baseline wants to know where: add --baseline FILE/],
    [
      ['--baseline', 'nowhere.json', RECORDING],
      /baseline nowhere\.json can't be read \(ENOENT\): write it once with/,
    ],
    [['--conventions', 'nowhere.yaml', RECORDING], /^upshot: nowhere\.yaml can't be read \(ENOENT\)\n$/],
    [['http://127.0.0.1:9', RECORDING], /lint takes files or one URL, not both/],
    [['http://127.0.0.1:9'], /can't be reached at http:\/\/127\.0\.0\.1:9/],
  ])('ends with 2 and one line where it can not: %j', async (args, line) => {
    const { code, stdout, stderr } = await upshot(['lint', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(new RegExp(line.source.replace(/\\n\$$/, '$')));
  });

  it('ends with 2 on files that hold nothing, and on conventions that are wrong, with all their faults', async () => {
    expect(await upshot(['lint', file('empty.json', '{"resourceSpans":[]}')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('holds no telemetry'),
    });
    const { code, stderr } = await upshot([
      'lint',
      recording(),
      '--conventions',
      conventions('traceConventions:\n  requiredField: []\n  spanNaming: {style: x}\n'),
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/:3:23: spanNaming\.style "x" is no style/);
    expect(stderr).toMatch(/:2:3: unknown key "requiredField" \(did you mean requiredFields\?\)/);
  });

  it('steers no terminal and breaks no XML, whatever a sender chose for a name', async () => {
    const evil = 'a\u001b[31m</failure>]]>&"\u0000\u202e\ud800';
    const text = JSON.stringify(order(1))
      .replaceAll('"orders process"', JSON.stringify(evil))
      .replaceAll('"mail"', JSON.stringify(evil));
    const args = [file('evil.json', text), '--conventions', conventions()];
    for (const format of ['text', 'json', 'sarif', 'junit']) {
      const { code, stdout } = await upshot(['lint', ...args, '--format', format]);
      expect(code).toBe(1);
      expect(stdout, format).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      if (format === 'junit') expect(stdout).toContain('&lt;/failure&gt;]]&gt;&amp;&quot;');
    }
  });
});

describe('upshot lint of a running Upshot', () => {
  async function send(url: string, document: OtlpDocument): Promise<void> {
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(document),
    });
    expect(response.status).toBe(200);
  }

  it('checks by the conventions in force there, or by given ones', async () => {
    const server = await serve(['--store', 'memory', '--conventions', conventions()]);
    for (const number of [1, 2, 3]) await send(server.otlpHttp, order(number));
    const own = await report([server.ui, '--since', '2h']);
    expect(own.workflows).toBe(3);
    expect(own.problems.map(({ rule, service, workflows }) => [rule, service, workflows])).toEqual([
      ['requiredFields.consumerName', 'mail', 3],
      ['spanNaming.style', 'mail', 3],
    ]);
    const other = conventions('traceConventions: {forbiddenAttributes: [messaging.message.id]}');
    const given = await report([server.ui, '--since', '2h', '--conventions', other]);
    expect(given.problems.map(({ rule, service, name }) => [rule, service, name])).toEqual([
      ['forbiddenAttributes', 'checkout', 'messaging.message.id'],
      ['forbiddenAttributes', 'mail', 'messaging.message.id'],
    ]);
    const { code, stderr } = await upshot(['lint', server.ui, '--since', '2h', '--limit', '2']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('only the newest 2 workflows were checked')]);
    expect((await report([server.ui, '--since', '1m'])).workflows).toBe(0);
  });

  it('says where none are in force', async () => {
    const server = await serve(['--store', 'memory']);
    const { code, stderr } = await upshot(['lint', server.ui]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('no conventions are in force there')]);
  });
});

it('upshot serve refuses wrong conventions in one line', async () => {
  const wrong = conventions('traceConventions:\n  requiredFields: [traceid]\n');
  const { code, stdout, stderr } = await upshot([
    'serve',
    '--store',
    'memory',
    '--port',
    '0',
    '--conventions',
    wrong,
  ]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    /^upshot: \S+:2:20: requiredFields\[0\] "traceid" is no field \(did you mean traceId\?\)[^\n]*\n$/,
  );
});
