import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { type Attempt, Upshot } from '@upshot/sdk';
import {
  attemptOf,
  attemptsOf,
  instrumentFetch,
  receive,
  WebhookError,
  WebhookSender,
} from '@upshot/sdk-http';
import { CloudEvent, HTTP } from 'cloudevents';
import express4 from 'express-4';
import Fastify from 'fastify';
import * as undici from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const exporter = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const upshot = new Upshot({ service: 'shop', tracerProvider });
const receiver = new Upshot({ service: 'warehouse', tracerProvider });
const servers: Server[] = [];

interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
beforeEach(() => exporter.reset());
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});
afterAll(() => context.disable());

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A receiver that knows nothing of Upshot, and answers with these statuses in turn. */
async function plain(...statuses: number[]): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ headers: request.headers, body });
    response.statusCode = statuses.length > 1 ? statuses.shift()! : (statuses[0] ?? 204);
    response.end();
  });
  return { url: await listen(server), seen };
}

const of = (kind: SpanKind): ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.kind === kind);
const tries = () =>
  of(SpanKind.CONSUMER).map(({ attributes, status }) => [
    attributes['upshot.consumer'],
    attributes['upshot.attempt'] ?? null,
    attributes['upshot.outcome'],
    attributes['upshot.disposition'] ?? null,
    status.message ?? null,
  ]);

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
    const handler: express4.RequestHandler = (request, response) => {
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
