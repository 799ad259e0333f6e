import { KeyKind, keyOf, keyText } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import type { RedactionRule } from '../src/index.js';
import { post, type Running, run } from './support/running.js';
import { NOW } from './support/sample.js';
import { keysAt } from './support/TestIngest.js';

const TRACE = '5b8efff798038103d269b633813fc60c';
const SPAN = 'eee19b7ec3c1b174';
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

const RULES: RedactionRule[] = [
  { action: 'drop', key: 'user.password' },
  { action: 'mask', key: '*.email' },
  { action: 'hash', key: '*conversation_id' },
  { action: 'hash', key: 'correlationId' },
  { action: 'hash', key: 'correlationid' },
];

const send = (receiver: Running, path: string, body: unknown, type = 'application/json') =>
  post(`${receiver.httpUrl}${path}`, { headers: { 'content-type': type }, body: JSON.stringify(body) });

describe('redaction', () => {
  const attributes = [
    text('user.password', 'hunter2'),
    text('User.Email', 'a@b.c'),
    text('messaging.message.conversation_id', 'person_1'),
    text('kept', 'as it is'),
    {
      key: 'form',
      value: { kvlistValue: { values: [text('email', 'a@b.c'), text('city', 'Rome')] } },
    },
    {
      key: 'user',
      value: {
        arrayValue: { values: [{ kvlistValue: { values: [text('password', 'hunter2'), text('id', '7')] } }] },
      },
    },
  ];

  it('reaches spans, their events, links and resources, before anything is keyed', async () => {
    const receiver = await run({ redaction: { rules: RULES, secret: null } });
    const span = {
      traceId: TRACE,
      spanId: SPAN,
      name: 'x',
      startTimeUnixNano: String(NOW),
      attributes,
      events: [{ timeUnixNano: String(NOW), name: 'e', attributes }],
      links: [{ traceId: TRACE, spanId: SPAN, attributes }],
    };
    const resourceSpans = [
      { resource: { attributes }, scopeSpans: [{ scope: { name: 's', attributes }, spans: [span] }] },
    ];
    expect((await send(receiver, '/v1/traces', { resourceSpans })).status).toBe(200);
    const [stored] = receiver.ingest.stored();
    const expected = {
      'User.Email': '***',
      'messaging.message.conversation_id': expect.stringMatching(/^[0-9a-f]{16}$/),
      kept: 'as it is',
      form: { email: '***', city: 'Rome' },
      user: [{ id: '7' }],
    };
    for (const given of [
      stored!.attributes,
      stored!.events[0]!.attributes,
      stored!.links[0]!.attributes,
      stored!.source.resource,
      stored!.source.scope.attributes,
    ])
      expect(Object.fromEntries(given)).toEqual(expected);
    const joined = stored!.attributes.get('messaging.message.conversation_id') as string;
    const keys = keysAt(receiver.ingest.spans.finish(), 0);
    expect(keys).toContain(keyText(keyOf(KeyKind.correlation, joined)));
    expect(keys).not.toContain(keyText(keyOf(KeyKind.correlation, 'person_1')));
    const bytes = Buffer.from(receiver.ingest.spans.finish().tails.bytes).toString('latin1');
    expect(bytes).not.toMatch(/hunter2|a@b\.c|person_1/);
  });

  it('gives one value one hash, in spans, records, CloudEvents and logs', async () => {
    const receiver = await run({ redaction: { rules: RULES, secret: 's3cret' } });
    const span = {
      traceId: TRACE,
      spanId: SPAN,
      startTimeUnixNano: String(NOW),
      attributes: [text('messaging.message.conversation_id', 'person_1')],
    };
    await send(receiver, '/v1/traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    const record = {
      eventId: 'e1',
      eventName: 'n',
      correlationId: 'person_1',
      customer: { email: 'a@b.c' },
      'user.password': 'hunter2',
    };
    expect(JSON.parse((await send(receiver, '/v1/events', record)).body.toString())).toMatchObject({
      accepted: 1,
    });
    const event = { specversion: '1.0', id: 'c1', source: '/s', type: 't', correlationid: 'person_1' };
    await send(receiver, '/v1/events', event, 'application/cloudevents+json');
    const log = {
      timeUnixNano: String(NOW),
      body: { kvlistValue: { values: [text('correlationId', 'person_1'), text('user.email', 'a@b.c')] } },
    };
    await send(receiver, '/v1/logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [log] }] }] });
    const hash = receiver.ingest.stored()[0]!.attributes.get('messaging.message.conversation_id');
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    const records = receiver.ingest.records.map((one) => one.record);
    expect(records.map(({ correlationId }) => correlationId)).toEqual([hash, hash]);
    expect(records[0]!.attributes).toEqual({ customer: { email: '***' } });
    expect(receiver.ingest.storedLogs()[0]!.body).toEqual({ correlationId: hash, 'user.email': '***' });
    expect(JSON.stringify(records)).not.toMatch(/hunter2|a@b\.c|person_1/);
  });

  it('makes hashes that nobody can guess where there is a secret', async () => {
    const hashes = new Set<unknown>();
    for (const secret of [null, 'one', 'two']) {
      const receiver = await run({
        redaction: { rules: [{ action: 'hash', key: 'correlationId' }], secret },
      });
      await send(receiver, '/v1/events', { eventId: 'e', eventName: 'n', correlationId: 'person_1' });
      hashes.add(receiver.ingest.records[0]!.record.correlationId);
    }
    expect(hashes.size).toBe(3);
  });

  it('still refuses what is no protobuf, and changes nothing that no rule names', async () => {
    const receiver = await run({ redaction: { rules: [{ action: 'drop', key: 'nothing' }], secret: null } });
    const plain = await run();
    const span = { traceId: TRACE, spanId: SPAN, name: 'x', startTimeUnixNano: String(NOW), attributes };
    for (const one of [receiver, plain])
      await send(one, '/v1/traces', {
        resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }],
      });
    expect(receiver.ingest.spans.finish()).toEqual(plain.ingest.spans.finish());
    const bad = await post(`${receiver.httpUrl}/v1/traces`, {
      headers: { 'content-type': 'application/x-protobuf' },
      body: Buffer.from([0x0a, 0x7f, 1]),
    });
    expect(bad.status).toBe(400);
  });
});
