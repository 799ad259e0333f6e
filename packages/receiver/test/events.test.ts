import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { JSON_TYPE, post, run } from './support/running.js';

const RECORD = { eventId: 'evt_1', eventName: 'order.placed' };
const EVENT = { specversion: '1.0', id: 'A-1', source: '/shop', type: 'order.placed' };

async function send(type: string | null, body: unknown, headers: Record<string, string> = {}) {
  const receiver = await run();
  const answer = await post(`${receiver.httpUrl}/v1/events`, {
    headers: { ...(type === null ? {} : { 'content-type': type }), ...headers },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
  const records = receiver.ingest.records.map(({ record }) => record);
  return { status: answer.status, said: JSON.parse(answer.body.toString()), records };
}

describe('POST /v1/events', () => {
  it.each([
    ['application/json', RECORD, 1],
    ['application/json; charset=UTF-8', [RECORD, { ...RECORD, eventId: 'evt_2' }], 2],
    ['application/x-ndjson', `${JSON.stringify(RECORD)}\n${JSON.stringify(RECORD)}\n`, 2],
    ['application/ndjson', JSON.stringify(RECORD), 1],
    ['application/cloudevents+json', EVENT, 1],
    ['Application/CloudEvents+JSON; charset=utf-8', EVENT, 1],
    ['application/cloudevents-batch+json', [EVENT, EVENT], 2],
    ['application/cloudevents-batch+json', [], 0],
  ])('takes %s', async (type, body, accepted) => {
    expect(await send(type, body)).toMatchObject({ status: 200, said: { accepted, rejected: [] } });
  });

  it('takes a CloudEvent in headers, with data of any type', async () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'A-1',
      'ce-source': '/shop%20one',
      'ce-type': 'order.placed',
      'ce-correlationid': 'order_441',
    };
    for (const type of ['application/json', 'image/png', null]) {
      const { said, records } = await send(type, Buffer.from([0xff, 0x00]), headers);
      expect(said).toEqual({ accepted: 1, rejected: [] });
      expect(records[0]).toMatchObject({
        form: 'cloudevent',
        producer: '/shop one',
        correlationId: 'order_441',
      });
    }
  });

  it('says which records it rejected, and why, and keeps the others', async () => {
    const { status, said, records } = await send('application/json', [RECORD, { eventId: 'x' }, RECORD, 7]);
    expect(status).toBe(200);
    expect(said).toEqual({
      accepted: 2,
      rejected: [
        { index: 1, reason: 'eventName is missing' },
        { index: 3, reason: 'not an object' },
      ],
    });
    expect(records).toHaveLength(2);
  });

  it('rejects a CloudEvent in headers by the same form', async () => {
    const { said } = await send('application/json', '{}', { 'ce-id': 'A-1', 'ce-specversion': '1.0' });
    expect(said).toEqual({ accepted: 0, rejected: [{ index: 0, reason: 'type is missing' }] });
  });

  it('takes gzip', async () => {
    const body = gzipSync(JSON.stringify(RECORD));
    const { said } = await send('application/json', body, { 'content-encoding': 'gzip' });
    expect(said.accepted).toBe(1);
  });

  it.each([
    ['application/json', '{"eventId":', 400, 'undecodable'],
    ['application/json', '"text"', 400, 'undecodable'],
    ['application/x-www-form-urlencoded', '{}', 415, 'unsupported-type'],
    ['application/cloudevents+avro', '{}', 415, 'unsupported-type'],
    [null, '{}', 415, 'unsupported-type'],
  ])('with the type %s and the body %j: %d', async (type, body, status, code) => {
    const answer = await send(type, body);
    expect(answer).toMatchObject({ status, said: { error: { code, message: expect.any(String) } } });
  });

  it('answers 200 only when the records are durable, and 503 where they could not be stored', async () => {
    const { httpUrl, ingest } = await run();
    ingest.hold();
    const answer = post(`${httpUrl}/v1/events`, { headers: JSON_TYPE, body: JSON.stringify(RECORD) });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ingest.records).toHaveLength(1);
    ingest.fail(new Error('no'));
    expect(await answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });
});
