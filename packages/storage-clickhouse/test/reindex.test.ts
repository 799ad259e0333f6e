import { decodeExport, decodeLogExport, rereadLogs, rereadSpans } from '@upshot/receiver';
import { spanRows } from '@upshot/storage/contract-kit';
import { describe, expect, it } from 'vitest';
import { openChdbStore } from '../src/openChdbStore.js';
import { openEngine, temporaryDirectory } from './support.js';

const REREAD = { spans: (rows: Parameters<typeof rereadSpans>[0]) => rereadSpans(rows), logs: rereadLogs };
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** Spans with all that a span may hold, and a log record for each. */
function telemetry(count: number) {
  const spans = Array.from({ length: count }, (_, n) => ({
    traceId: (n + 1).toString(16).padStart(32, '0'),
    spanId: '00000000000000aa',
    ...(n % 2 === 0 ? {} : { parentSpanId: '00000000000000ab' }),
    name: `span ${n}`,
    kind: (n % 5) + 1,
    startTimeUnixNano: String(1_790_000_000_000_000_000n + BigInt(n)),
    endTimeUnixNano: String(1_790_000_000_000_000_009n),
    attributes: [
      text('messaging.message.id', `evt_${n}`),
      text('messaging.message.conversation_id', `c_${n}`),
    ],
    events: [{ timeUnixNano: '1790000000000000003', name: 'exception', attributes: [text('a', 'b')] }],
    links: [{ traceId: '9'.padStart(32, '0'), spanId: '00000000000000cc' }],
    status: { code: 2, message: 'no' },
    traceState: 'k=v',
    flags: 257,
  }));
  const resource = { attributes: [text('service.name', 'billing')] };
  const scope = { name: 'lib', version: '1' };
  const resourceSpans = [
    { resource, schemaUrl: 'urn:r', scopeSpans: [{ scope, schemaUrl: 'urn:s', spans }] },
  ];
  const logRecords = spans.map(({ traceId }, n) => ({
    timeUnixNano: '1790000000000000001',
    observedTimeUnixNano: '1790000000000000005',
    severityNumber: 17,
    severityText: 'ERROR',
    eventName: n % 2 === 0 ? 'x.exception' : '',
    body: { stringValue: `line ${n}` },
    attributes: [text('eventId', `evt_${n}`), text('exception.type', 'E')],
    ...(n % 3 === 0 ? {} : { traceId }),
  }));
  const resourceLogs = [{ resource, scopeLogs: [{ scope, logRecords }] }];
  return {
    spans: decodeExport(Buffer.from(JSON.stringify({ resourceSpans })), 'json').spans,
    logs: decodeLogExport(Buffer.from(JSON.stringify({ resourceLogs })), 'json', 0n).logs,
  };
}

describe('reindexing', () => {
  it('reads rows anew as if they had just come', () => {
    const { spans, logs } = telemetry(12);
    expect(spanRows(rereadSpans(spans))).toEqual(spanRows(spans));
    expect(spanRows(rereadLogs(logs))).toEqual(spanRows(logs));
  });

  it('makes the keys of older rows anew, in steps, and leaves nothing out', async () => {
    const directory = temporaryDirectory();
    const first = await openChdbStore({ directory });
    const { spans, logs } = telemetry(40);
    await first.write({ spans: [spans], records: [], logs: [logs] });
    expect(await first.outdated()).toBe(0);
    await first.close();
    const engine = openEngine(directory);
    for (const table of ['spans', 'logs'])
      await engine.command(
        `ALTER TABLE ${table} UPDATE vocabulary = 0, keys = [] WHERE start % 2 = 1 OR '${table}' = 'logs' SETTINGS mutations_sync = 1`,
      );
    await engine.close();
    const store = await openChdbStore({ directory });
    const find = async () => {
      const ids = { eventIds: ['evt_7'], limit: 100 };
      return [(await store.find(ids)).spans.rows, (await store.find({ ...ids, among: 'logs' })).logs.rows];
    };
    expect(await find()).toEqual([0, 0]);
    expect(await store.outdated()).toBe(20 + 40);
    let reindexed = 0;
    for (let step = await store.reindex(REREAD, 1_000); step > 0; step = await store.reindex(REREAD, 1_000))
      reindexed += step;
    expect(reindexed).toBe(60);
    expect(await store.outdated()).toBe(0);
    expect(await find()).toEqual([1, 1]);
    const traceIds = Array.from({ length: 40 }, (_, n) => (n + 1).toString(16).padStart(32, '0'));
    expect(spanRows((await store.find({ traceIds, limit: 100 })).spans)).toEqual(spanRows(spans));
    expect(await store.statistics()).toMatchObject({
      spans: expect.any(Number),
      oldestDay: expect.any(Number),
    });
    await store.close();
  });
});
