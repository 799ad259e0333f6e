import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ProtobufWriter } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { now, type OtlpDocument, order } from './fixtures/orders.js';
import { type Served, serve, temporaryDirectory, upshot } from './fixtures/spawnUpshot.js';

function file(name: string, content: string | Uint8Array): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, content);
  return path;
}

async function keysIn({ env }: Served): Promise<string[]> {
  const { stdout } = await upshot(['find', '--json', '--limit', '1000'], env);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .flatMap((page) => JSON.parse(page).workflows as { key: string }[]);
  return rows.map(({ key }) => key).sort();
}

/** One span of one scope as an encoded ExportTraceServiceRequest, with a field that nobody knows yet. */
function protobuf(spans: readonly { id: number; start: bigint; attribute?: string }[]): Uint8Array {
  const request = new ProtobufWriter();
  request.message(1, (resourceSpans) => {
    resourceSpans.message(1, (resource) =>
      resource.message(1, (attribute) => stringAttribute(attribute, 'service.name', 'batch')),
    );
    resourceSpans.message(2, (scopeSpans) => {
      scopeSpans.message(1, (scope) => scope.text(1, 'by hand'));
      for (const { id, start, attribute = 'x' } of spans) {
        scopeSpans.message(2, (span) => {
          span.bytes(1, Buffer.from(id.toString(16).padStart(32, '7'), 'hex'));
          span.bytes(2, Buffer.from(id.toString(16).padStart(16, '7'), 'hex'));
          span.text(5, `run-${id}`);
          span.tag(6, 0);
          span.varint(2);
          span.tag(7, 1);
          span.fixed64(start);
          span.tag(8, 1);
          span.fixed64(start + 1_000_000n);
          span.message(9, (given) => stringAttribute(given, 'at', `${start}${attribute}`));
          span.message(11, (event) => {
            event.tag(1, 1);
            event.fixed64(start + 500_000n);
            event.text(2, 'half done');
          });
          span.text(999, 'of a later version');
        });
      }
    });
  });
  return request.finish();
}

function stringAttribute(writer: ProtobufWriter, key: string, text: string): void {
  writer.text(1, key);
  writer.message(2, (value) => value.text(1, text));
}

async function spanIn({ ui }: Served, id: number) {
  const response = await fetch(
    `${ui}/api/spans/${id.toString(16).padStart(32, '7')}/${id.toString(16).padStart(16, '7')}`,
  );
  return ((await response.json()) as { spans: { [field: string]: unknown }[] }).spans[0]!;
}

describe('upshot import', () => {
  const pretty = (documents: unknown) => JSON.stringify(documents, null, 2);
  const lines = (documents: readonly OtlpDocument[]) =>
    `${documents.map((one) => JSON.stringify(one)).join('\n')}\n\n`;
  const three = [order(1), order(2), order(3)];

  it.each([
    ['a document', () => file('a.json', pretty(three[0])), 1],
    ['a document in one line', () => file('a.json', JSON.stringify(three[0])), 1],
    ['a document behind a byte order mark', () => file('a.json', `\ufeff${pretty(three[0])}`), 1],
    ['an array', () => file('a.json', pretty(three)), 3],
    ['an array in one line', () => file('a.json', JSON.stringify(three)), 3],
    ['a document on each line', () => file('a.ndjson', lines(three)), 3],
    ['the same, gzipped', () => file('a.bin', gzipSync(lines(three))), 3],
    [
      'lines with other signals among them',
      () => file('a.json', `{"resourceMetrics":[]}\n${lines(three)}`),
      3,
    ],
  ])('reads %s', async (_what, path, workflows) => {
    const server = await serve(['--store', 'memory']);
    expect(await upshot(['import', path()], server.env)).toEqual({
      code: 0,
      signal: null,
      stdout: `${workflows * 3} spans accepted, 0 refused, from 1 file\n`,
      stderr: '',
    });
    expect(await keysIn(server)).toEqual(three.slice(0, workflows).map((_one, i) => `order_${i + 1}`));
  });

  it.each([
    ['protobuf', (bytes: Uint8Array) => file('a.pb', bytes)],
    ['gzipped protobuf, whatever its name says', (bytes: Uint8Array) => file('a.json', gzipSync(bytes))],
  ])('reads %s', async (_what, path) => {
    const server = await serve(['--store', 'memory']);
    const start = now() - 60_000_000_000n;
    const { code, stdout } = await upshot(
      [
        'import',
        path(
          protobuf([
            { id: 1, start },
            { id: 2, start },
          ]),
        ),
      ],
      server.env,
    );
    expect([code, stdout]).toEqual([0, '2 spans accepted, 0 refused, from 1 file\n']);
    expect(await spanIn(server, 2)).toMatchObject({
      name: 'run-2',
      startTimeUnixNano: `${start}`,
      attributes: { at: `${start}x` },
      resource: { attributes: { 'service.name': 'batch' } },
      scope: { name: 'by hand' },
    });
  });

  it('splits what is too much for one request', async () => {
    const server = await serve(['--store', 'memory']);
    const start = now() - 60_000_000_000n;
    const attribute = 'x'.repeat(60_000);
    const spans = Array.from({ length: 400 }, (_one, i) => ({ id: i + 1, start, attribute }));
    const large = three.map((one, i) => {
      const copies = Array.from({ length: 7000 }, (_copy, j) => order(10 + i * 7000 + j));
      return {
        resourceSpans: [...one.resourceSpans, ...copies.flatMap(({ resourceSpans }) => resourceSpans)],
      };
    });
    const { code, stdout } = await upshot(
      ['import', file('a.pb', protobuf(spans)), file('b.json', JSON.stringify(large[0]))],
      server.env,
    );
    expect([code, stdout]).toEqual([0, '21,403 spans accepted, 0 refused, from 2 files\n']);
    for (const id of [1, 200, 400])
      expect(await spanIn(server, id)).toMatchObject({ name: `run-${id}`, scope: { name: 'by hand' } });
  });

  it('moves all times of all files so that the newest end is now, and nothing else', async () => {
    const server = await serve(['--store', 'memory']);
    const start = 1_600_000_000_000_000_123n;
    const json = file(
      'a.json',
      JSON.stringify(order(1, { start: start - 5_000_000_000n, error: 'HTTP 503' })),
    );
    const before = now();
    const { code } = await upshot(
      ['import', '--shift-to-now', json, file('b.pb', protobuf([{ id: 1, start }]))],
      server.env,
    );
    const after = now();
    expect(code).toBe(0);
    const span = await spanIn(server, 1);
    const end = BigInt(span.endTimeUnixNano as string);
    expect(end >= before && end <= after).toBe(true);
    const shift = end - (start + 1_000_000n);
    expect(span).toMatchObject({
      startTimeUnixNano: `${start + shift}`,
      attributes: { at: `${start}x` },
      events: [{ name: 'half done', timeUnixNano: `${start + 500_000n + shift}` }],
    });
    const { spans } = (await (await fetch(`${server.ui}/api/workflows/order_1/spans`)).json()) as {
      spans: { startTimeUnixNano: string; events: { timeUnixNano: string }[] }[];
    };
    expect(spans[0]!.startTimeUnixNano).toBe(`${start - 5_000_000_000n + shift}`);
    expect(spans[2]!.events[0]!.timeUnixNano).toBe(`${start - 5_000_000_000n + 99_000_000n + shift}`);
  });

  it('changes nothing when it is done twice', async () => {
    const server = await serve(['--store', 'memory']);
    const path = file('a.json', JSON.stringify(order(1)));
    await upshot(['import', path, path], server.env);
    const graph = (await (await fetch(`${server.ui}/api/workflows/order_1`)).json()) as {
      [kind: string]: unknown[];
    };
    expect([
      graph.steps!.length,
      graph.events!.length,
      graph.attempts!.length,
      graph.findings!.length,
    ]).toEqual([1, 1, 1, expect.any(Number)]);
    expect(JSON.stringify(graph.findings)).not.toContain('bad-telemetry');
  });

  it('tells what was refused and why, and what could not be read, and imports the rest', async () => {
    const server = await serve(['--store', 'memory', '--retention', '2h']);
    const old = file('old.json', JSON.stringify(order(1, { start: 1_600_000_000_000_000_000n })));
    const none = file('none.json', '{"resourceSpans": [');
    const other = file('other.json', '{"hello": "world"}');
    const image = file('image.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
    const good = file('good.json', JSON.stringify(order(2)));
    const { code, stdout, stderr } = await upshot(
      ['import', old, none, '/nowhere/file', other, image, good],
      server.env,
    );
    expect(code).toBe(2);
    expect(stdout).toMatch(/^3 spans accepted, 3 refused, from 6 files\n/);
    expect(stdout).toMatch(/^ {2}3 refused: .*retention/m);
    expect(stdout).toContain(`${none} is no JSON`);
    expect(stdout).toContain("/nowhere/file can't be read (ENOENT)");
    expect(stdout).toContain(`${other}, line 1: this is neither OTLP/JSON`);
    expect(stdout).toContain(`${image} is neither OTLP/JSON nor`);
    expect(stderr).toBe('upshot: 4 files could not be imported\n');
    expect(await keysIn(server)).toEqual(['order_2']);
  });

  it('fails where nobody takes it', async () => {
    const path = file('a.json', JSON.stringify(order(1)));
    const { code, stderr } = await upshot(['import', '--otlp-url', 'http://127.0.0.1:9', path]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^upshot: Upshot's OTLP port can't be reached at http:\/\/127\.0\.0\.1:9 [^\n]*\n$/,
    );
  });
});
