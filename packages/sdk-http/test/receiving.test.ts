import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { SpanKind } from '@opentelemetry/api';
import type { Attempt } from '@upshot/sdk';
import { attemptOf, attemptsOf, instrumentFetch, receive, WebhookSender } from '@upshot/sdk-http';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { exporter, listen, of, receiver, recordAll, tries, upshot } from './recorded.js';

/** Express 4 brings no types. */
const express4 = createRequire(import.meta.url)('express-4');

recordAll();

describe('a route for events', () => {
  type Route = (request: IncomingMessage & { body?: unknown }, response: ServerResponse) => unknown;
  const route = (handler: Route, options: object = {}) =>
    listen(createServer(receive(handler, { upshot: receiver, step: 'ship-order', ...options })));

  it('leaves it to the receiver to tell of a try, where it can', async () => {
    let failing = 1;
    const app = Fastify();
    app.post(
      '/hooks',
      receive(
        async (request) => {
          if (failing-- > 0) throw new RangeError('no stock');
          return upshotOf(request);
        },
        { upshot: receiver, step: 'ship-order' },
      ),
    );
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const upshotOf = (request: object) => ({ event: attemptOf(request)!.eventId });
    await new WebhookSender({ upshot, backOffMs: () => 5 }).send({
      event: 'order.shipped',
      to: `${url}/hooks`,
      payload: {},
    });
    await app.close();
    expect(tries()).toEqual([
      ['warehouse', 1, 'failed', 'retry', 'no stock'],
      ['warehouse', 2, 'succeeded', null, null],
    ]);
    const [process] = of(SpanKind.CONSUMER);
    expect(process!.name).toBe('ship-order');
    expect(process!.parentSpanContext!.spanId).toBe(of(SpanKind.PRODUCER)[0]!.spanContext().spanId);
  });

  it('serves Express 4, whose handlers answer when they like', async () => {
    const app = express4();
    app.use(express4.json());
    const handler = (
      request: { body: { fails: boolean } },
      response: { sendStatus(status: number): void },
    ) => {
      setTimeout(() => response.sendStatus(request.body.fails ? 500 : 204), 5);
    };
    app.post('/hooks', receive(handler, { upshot: receiver, consumer: 'shipping' }));
    const url = await listen(createServer(app));
    const post = instrumentFetch(fetch, { upshot, event: 'order.shipped' });
    for (const fails of [false, true])
      await post(`${url}/hooks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ fails }),
      });
    await expect.poll(tries).toEqual([
      ['shipping', null, 'succeeded', null, null],
      ['shipping', null, 'failed', null, 'HTTP 500'],
    ]);
  });

  it('waits for work after the answer, and sees a connection close before it', async () => {
    let finish = () => {};
    const url = await route(async (_, response) => {
      response.statusCode = 202;
      response.end();
      await new Promise<void>((resolve) => (finish = resolve));
      throw new Error('too late');
    });
    // Nobody awaits a handler of Node's own server.
    const unhandled = new Promise((resolve) => process.once('unhandledRejection', resolve));
    const others = process.listeners('unhandledRejection').slice(0, -1);
    for (const other of others) process.off('unhandledRejection', other);
    expect((await fetch(url, { method: 'POST' })).status).toBe(202);
    expect(tries()).toEqual([]);
    finish();
    expect(await unhandled).toMatchObject({ message: 'too late' });
    for (const other of others) process.on('unhandledRejection', other);
    expect(tries()).toMatchObject([['warehouse', null, 'failed', null, 'too late']]);

    exporter.reset();
    const hanging = await route(() => undefined);
    await expect(fetch(hanging, { method: 'POST', signal: AbortSignal.timeout(100) })).rejects.toThrow();
    await expect.poll(tries).toMatchObject([['warehouse', null, 'failed', null, /closed before/]]);
  });

  it('reads CloudEvents that stand in a body, one or many', async () => {
    const seen: { all: readonly Attempt[]; causes: (string | null)[] }[] = [];
    const app = Fastify();
    app.addContentTypeParser(
      /^application\/cloudevents/,
      { parseAs: 'string' },
      app.getDefaultJsonParser('error', 'error'),
    );
    const handler = async (request: object) => {
      const all = attemptsOf(request);
      const causes = all.map((attempt) =>
        attempt.run(() => receiver.publish({ event: 'order.packed' }).causationId),
      );
      seen.push({ all, causes });
      return {};
    };
    app.post('/', receive(handler, { upshot: receiver, consumer: 'shipping' }));
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const event = {
      specversion: '1.0',
      id: 'evt_1',
      source: '/erp',
      type: 'order.shipped',
      correlationid: 'order_441',
      traceparent,
    };
    const post = (type: string, body: unknown) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': `application/${type}+json` },
        body: JSON.stringify(body),
      });
    await post('cloudevents', event);
    await post('cloudevents-batch', [event, { ...event, id: 'evt_2' }, 7]);
    await post('cloudevents-batch', []);
    await app.close();
    const [one, two, none] = seen;
    expect(one!.all).toMatchObject([
      { eventId: 'evt_1', eventName: 'order.shipped', correlationId: 'order_441' },
    ]);
    expect(two!.all).toMatchObject([{ eventId: 'evt_1' }, { eventId: 'evt_2', outcome: 'succeeded' }]);
    expect(two!.causes).toEqual(['evt_1', 'evt_2']);
    expect(none!.all).toHaveLength(1);
    expect(of(SpanKind.CONSUMER)[0]!.spanContext().traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('passes hostile headers and options by', async () => {
    const url = await route((_, response) => void response.end(), {
      step: () => {
        throw new Error('of the user');
      },
    });
    const headers = {
      'upshot-attempt': '-1',
      'upshot-attempts': '1e9',
      'upshot-destination': 'x'.repeat(5000),
      'ce-id': 'a'.repeat(999),
    };
    const answer = await fetch(`${url}/a/b?c=d`, { method: 'POST', headers });
    expect(answer.status).toBe(200);
    await expect.poll(tries).toEqual([['warehouse', null, 'succeeded', null, null]]);
    expect(JSON.stringify(of(SpanKind.CONSUMER)[0]!.attributes).length).toBeLessThan(1000);
  });
});
