import { propagation, SpanKind, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { instrumentFetch, WebhookError, WebhookSender } from '@upshot/sdk-http';
import { CloudEvent, HTTP } from 'cloudevents';
import * as undici from 'undici';
import { describe, expect, it } from 'vitest';
import { exporter, of, plain, recordAll, tracerProvider, tries, upshot } from './recorded.js';

recordAll();

describe('a fetch for events', () => {
  it('carries context, in any form of headers, and lets questions through', async () => {
    const { url, seen } = await plain();
    const post = instrumentFetch(fetch, { upshot, event: 'order.shipped' });
    const forms = [{ own: '1' }, new Headers({ own: '1' }), [['own', '1']] as [string, string][]];
    for (const headers of forms)
      await post(`${url}/hooks/orders?token=secret`, { method: 'POST', headers, body: '{}' });
    await post(new Request(`${url}/hooks/orders`, { method: 'POST', headers: { own: '1' }, body: '{}' }));
    for (const { headers } of seen)
      expect(headers).toMatchObject({
        own: '1',
        'ce-type': 'order.shipped',
        'ce-source': 'shop',
        traceparent: expect.any(String),
      });
    expect(seen).toHaveLength(4);
    expect(JSON.stringify(of(SpanKind.PRODUCER).map(({ attributes }) => attributes))).not.toContain('secret');
    exporter.reset();
    await post(url);
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(seen[4]!.headers.traceparent).toBeUndefined();
  });

  it("serves undici's request, and notes what is not taken", async () => {
    const { url, seen } = await plain(422);
    const request = instrumentFetch(undici.request, { upshot, event: () => 'order.shipped' });
    const { statusCode, body } = await request(url, { method: 'POST', headers: ['own', '1'], body: '{}' });
    await body.dump();
    expect(statusCode).toBe(422);
    expect(seen[0]!.headers).toMatchObject({ own: '1', 'upshot-event-name': 'order.shipped' });
    expect(of(SpanKind.PRODUCER)[0]!.status.message).toBe('HTTP 422');
    await expect(request('http://127.0.0.1:1/', { method: 'POST' })).rejects.toThrow(/ECONNREFUSED|bad port/);
  });

  it('keeps the identity of a CloudEvent, and adds none to one in a body', async () => {
    const { url, seen } = await plain();
    const post = instrumentFetch(fetch, { upshot });
    const event = new CloudEvent({
      id: 'evt_1',
      source: '/shop',
      type: 'order.shipped',
      data: { order: 441 },
    });
    for (const { headers, body } of [HTTP.binary(event), HTTP.structured(event)])
      await post(url, { method: 'POST', headers: headers as Record<string, string>, body: body as string });
    const [binary, structured] = seen;
    expect(binary!.headers).toMatchObject({
      'ce-id': 'evt_1',
      'ce-source': '/shop',
      'upshot-event-id': 'evt_1',
    });
    expect(structured!.headers['ce-id']).toBeUndefined();
    expect(structured!.headers).toMatchObject({
      'upshot-event-id': 'evt_1',
      'upshot-event-name': 'order.shipped',
    });
    expect(JSON.parse(structured!.body)).toMatchObject({ id: 'evt_1' });
  });

  it('sends one traceparent beside the official instrumentation', async () => {
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    const instrumentation = new UndiciInstrumentation();
    instrumentation.setTracerProvider(tracerProvider);
    instrumentation.enable();
    try {
      const { url, seen } = await plain();
      await instrumentFetch(fetch, { upshot })(url, { method: 'POST', body: '{}' });
      const [sent] = of(SpanKind.PRODUCER);
      expect(seen[0]!.headers.traceparent).toContain(sent!.spanContext().spanId);
      expect(seen[0]!.headers.traceparent).not.toContain(',');
      await fetch(url, { method: 'POST', body: '{}' });
      expect(of(SpanKind.CLIENT), 'it is at work').toHaveLength(1);
    } finally {
      instrumentation.disable();
      propagation.disable();
      trace.disable();
    }
  });
});

describe('a sender of webhooks', () => {
  const fast = { upshot, backOffMs: () => 5 };

  it('tells of tries of which the receiver does not, and heeds what it asks for', async () => {
    const { url, seen } = await plain(503, 429, 204);
    const sender = new WebhookSender({ ...fast, attempts: 5 });
    const sent = await sender.send({
      event: 'order.shipped',
      to: `${url}/hooks`,
      consumer: 'warehouse-inc',
      payload: { order: 441 },
    });
    expect(sent).toEqual([{ url: `${url}/hooks`, status: 204, attempts: 3 }]);
    expect(seen.map(({ headers }) => headers['upshot-attempt'])).toEqual(['1', '2', '3']);
    expect(tries()).toEqual([
      ['warehouse-inc', 1, 'failed', 'retry', 'HTTP 503'],
      ['warehouse-inc', 2, 'failed', 'retry', 'HTTP 429'],
      ['warehouse-inc', 3, 'succeeded', null, null],
    ]);
    expect(of(SpanKind.PRODUCER), 'one event, however often it is tried').toHaveLength(1);
    expect(new Set(seen.map(({ headers }) => headers.traceparent)).size).toBe(1);
  });

  it('gives up what is refused for good at once, and what fails in the end, and says so', async () => {
    const refuses = await plain(410);
    const fails = await plain(500);
    const takes = await plain();
    const to = [takes.url, refuses.url, fails.url];
    const sending = new WebhookSender({ ...fast, attempts: 2 }).send({
      event: 'order.shipped',
      to,
      payload: 1,
    });
    await expect(sending).rejects.toThrow(WebhookError);
    await expect(sending).rejects.toMatchObject({ url: refuses.url, attempts: 1, cause: { status: 410 } });
    expect([takes.seen.length, refuses.seen.length, fails.seen.length]).toEqual([1, 1, 2]);
    expect(tries().filter(([, , , disposition]) => disposition === 'dead-letter')).toHaveLength(2);

    exporter.reset();
    let aside = '';
    const onGivenUp = () => {
      aside = upshot.publish({ event: 'order.stuck' }).causationId!;
    };
    const [event] = await Promise.all([
      new WebhookSender({ ...fast, attempts: 1, onGivenUp }).send({
        event: 'order.shipped',
        id: 'evt_1',
        to: 'http://127.0.0.1:1',
        payload: 1,
      }),
    ]);
    expect(event).toEqual([]);
    expect(aside).toBe('evt_1');
    expect(of(SpanKind.PRODUCER).map(({ attributes }) => attributes['upshot.event'])).toEqual([
      'order.shipped',
      'order.stuck',
    ]);
  });
});
