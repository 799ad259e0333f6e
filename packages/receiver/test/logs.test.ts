import { decodeLogs, KeyKind, keyOf, keyText, ProtobufWriter } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { frame, grpcCall } from './support/grpcCall.js';
import { post, type Running, run } from './support/running.js';
import { NOW } from './support/sample.js';
import { keysAt } from './support/TestIngest.js';

const TRACE = '5b8efff798038103d269b633813fc60c';
const SPAN = 'eee19b7ec3c1b174';
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

interface JsonLog {
  readonly [field: string]: unknown;
}

function request(...logRecords: unknown[]) {
  return {
    resourceLogs: [
      {
        resource: { attributes: [text('service.name', 'billing')] },
        scopeLogs: [{ scope: { name: 'app' }, logRecords }],
      },
    ],
  };
}

async function send(receiver: Running, body: unknown) {
  const answer = await post(`${receiver.httpUrl}/v1/logs`, {
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, json: JSON.parse(answer.body.toString()) };
}

const LOG: JsonLog = {
  timeUnixNano: String(NOW),
  observedTimeUnixNano: String(NOW + 7n),
  severityNumber: 13,
  severityText: 'WARN',
  body: { stringValue: 'card was slow' },
  traceId: TRACE,
  spanId: SPAN,
};

describe('POST /v1/logs', () => {
  it('keeps a record as it came', async () => {
    const receiver = await run();
    expect(await send(receiver, request(LOG))).toEqual({ status: 200, json: {} });
    expect(receiver.ingest.storedLogs()).toMatchObject([
      {
        traceId: TRACE,
        spanId: SPAN,
        timeUnixNano: NOW,
        observedTimeUnixNano: NOW + 7n,
        severityNumber: 13,
        severityText: 'WARN',
        body: 'card was slow',
        eventName: '',
        isException: false,
      },
    ]);
  });

  it('refuses by name what says to what it belongs by no ID, and keeps the rest', async () => {
    const receiver = await run();
    const { traceId: _, spanId: __, ...alone } = LOG;
    const zero = { ...LOG, traceId: '0'.repeat(32) };
    const { status, json } = await send(receiver, request(LOG, alone, zero));
    expect(status).toBe(200);
    expect(json).toEqual({
      partialSuccess: {
        rejectedLogRecords: '2',
        errorMessage:
          '2 log records: carries no trace ID, event ID or correlation ID (first: "card was slow")',
      },
    });
    expect(receiver.ingest.storedLogs()).toHaveLength(1);
  });

  it.each([
    ['a trace ID of the wrong size', { ...LOG, traceId: 'abcd' }, 'trace ID is not 16 bytes long'],
    ['a span ID of the wrong size', { ...LOG, spanId: 'abcd' }, 'span ID is not 8 bytes long'],
    [
      'a time that is none',
      { ...LOG, timeUnixNano: 'noon' },
      'timeUnixNano is not an unsigned 64-bit integer',
    ],
    ['a record that is no object', 7, 'a log record is not an object'],
    ['a body that is none', { ...LOG, body: 'text' }, 'the value of attribute "body" is not an object'],
  ])('refuses %s, and keeps the others', async (_, bad, reason) => {
    const receiver = await run();
    const { json } = await send(receiver, request(LOG, bad, { ...LOG, severityNumber: 9 }));
    expect(json.partialSuccess.rejectedLogRecords).toBe('1');
    expect(json.partialSuccess.errorMessage).toContain(reason);
    expect(receiver.ingest.storedLogs().map(({ severityNumber }) => severityNumber)).toEqual([13, 9]);
  });

  it.each([
    ['no JSON', '{'],
    ['no request', '[]'],
    ['a list where an object belongs', JSON.stringify({ resourceLogs: {} })],
  ])('refuses %s as a whole', async (_, body) => {
    const receiver = await run();
    expect((await send(receiver, body)).status).toBe(400);
    expect(receiver.ingest.logs.rows).toBe(0);
  });

  it('refuses protobuf that is cut off, with no row left', async () => {
    const receiver = await run();
    const whole = Buffer.from(protobuf());
    for (let length = 1; length < whole.length; length++) {
      const body = whole.subarray(0, length);
      const { status } = await post(`${receiver.httpUrl}/v1/logs`, {
        headers: { 'content-type': 'application/x-protobuf' },
        body,
      });
      expect([200, 400]).toContain(status);
    }
    expect(receiver.ingest.logs.rows).toBe(0);
  });

  it('knows a map by the IDs in it, and loggers by the names that they use', async () => {
    const receiver = await run();
    const body = {
      kvlistValue: { values: [text('correlationId', 'order_1'), text('message', 'reserved')] },
    };
    const attributes = [text('event_id', 'evt_1'), text('upshot.causation_id', 'evt_0')];
    await send(receiver, request({ body, attributes, observedTimeUnixNano: String(NOW) }));
    const [log] = receiver.ingest.storedLogs();
    expect(log).toMatchObject({ timeUnixNano: NOW, traceId: '' });
    expect(keysAt(receiver.ingest.logs.finish(), 0).sort()).toEqual(
      [
        keyOf(KeyKind.correlation, 'order_1'),
        keyOf(KeyKind.event, 'evt_1'),
        keyOf(KeyKind.causation, 'evt_0'),
      ]
        .map(keyText)
        .sort(),
    );
  });

  it('takes the time of receipt where a record states none', async () => {
    const receiver = await run();
    const { timeUnixNano: _, observedTimeUnixNano: __, ...timeless } = LOG;
    await send(receiver, request(timeless));
    expect(receiver.ingest.storedLogs()[0]).toMatchObject({ timeUnixNano: NOW, observedTimeUnixNano: NOW });
  });

  it('refuses what is older than the retention', async () => {
    const receiver = await run({ retentionNano: 3_600_000_000_000n });
    const old = { ...LOG, timeUnixNano: String(NOW - 7_200_000_000_000n) };
    const { json } = await send(receiver, request(old, LOG));
    expect(json.partialSuccess.errorMessage).toContain('started before the retention');
    expect(receiver.ingest.storedLogs()).toHaveLength(1);
  });

  it('marks exceptions, and nothing else', async () => {
    const receiver = await run();
    const exception = { ...LOG, attributes: [text('exception.type', 'E')] };
    await send(receiver, request(exception, LOG, { ...LOG, attributes: [text('error.type', 'E')] }));
    expect(receiver.ingest.storedLogs().map(({ isException }) => isException)).toEqual([true, false, false]);
  });

  it('cuts attributes beyond the limit, and says so', async () => {
    const receiver = await run({ limits: { attributesPerSpan: 2 } });
    await send(receiver, request({ ...LOG, attributes: ['a', 'b', 'c', 'd'].map((key) => text(key, key)) }));
    const [log] = receiver.ingest.storedLogs();
    expect(Object.fromEntries(log!.attributes)).toEqual({ a: 'a', b: 'b', 'upshot.cut.attributes': 2 });
    expect(log!.droppedAttributesCount).toBe(2);
  });

  it('answers once the rows are durable, and 503 where they can not be', async () => {
    const receiver = await run();
    receiver.ingest.hold();
    const answer = send(receiver, request(LOG));
    setTimeout(() => receiver.ingest.fail(new Error('disk')), 20);
    expect((await answer).status).toBe(503);
  });
});

describe('LogsService/Export', () => {
  it('takes the same records over gRPC', async () => {
    const receiver = await run();
    const path = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
    const answer = await grpcCall(receiver.grpcUrl, { path, pieces: [frame(Buffer.from(protobuf()))] });
    expect(answer.status).toBe(0);
    expect(decodeLogs(receiver.ingest.logs.finish())).toMatchObject([{ traceId: TRACE, body: 'hello' }]);
  });
});

function protobuf(): Uint8Array {
  const writer = new ProtobufWriter(256);
  writer.message(1, () =>
    writer.message(2, () =>
      writer.message(2, () => {
        writer.tag(1, 1);
        writer.fixed64(NOW);
        writer.message(5, () => writer.text(1, 'hello'));
        writer.bytes(9, Buffer.from(TRACE, 'hex'));
      }),
    ),
  );
  return writer.finish();
}
