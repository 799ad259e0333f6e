import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { order } from '../fixtures/telemetry.js';
import { type TestServer, testServer } from '../fixtures/testServer.js';

let server: TestServer;

beforeAll(async () => {
  server = await testServer();
  await server.send(order(1, 0));
});

afterAll(() => server.close());

/** The data of the events of a stream, one after the other. */
class Stream {
  private text = '';

  private constructor(
    readonly response: Response,
    private readonly reader: ReadableStreamDefaultReader<Uint8Array>,
    private readonly ending: AbortController,
  ) {}

  static async open(url: string): Promise<Stream> {
    const ending = new AbortController();
    const response = await fetch(url, { signal: ending.signal });
    return new Stream(response, response.body!.getReader(), ending);
  }

  async next<Answer = { key: string; attempts: unknown[] }>(): Promise<Answer | null> {
    for (;;) {
      const found = /^data: (.*)\n\n/m.exec(this.text);
      if (found) {
        this.text = this.text.slice(found.index + found[0].length);
        return JSON.parse(found[1]!);
      }
      const { done, value } = await this.reader.read();
      if (done) return null;
      this.text += new TextDecoder().decode(value);
    }
  }

  leave(): void {
    this.ending.abort();
  }
}

describe('a workflow that is followed', () => {
  it('is told at once, and again when telemetry of it arrives', async () => {
    const stream = await Stream.open(`${server.uiUrl}/api/workflows/order_1/live`);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('cache-control')).toBe('no-store');
    const first = await stream.next();
    expect(first).toMatchObject({ key: 'order_1' });
    const asked = await server.get<{ attempts: unknown[] }>('/api/workflows/order_1');
    expect(first!.attempts).toEqual(asked.json.attempts);

    const telemetry = {
      eventId: 'late',
      eventName: 'order.closed',
      consumerName: 'archive',
      correlationId: 'order_1',
    };
    await fetch(`${server.otlpHttpUrl}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(telemetry),
    });
    let next = await stream.next();
    while (next && next.attempts.length === first!.attempts.length) next = await stream.next();
    expect(next!.attempts.length).toBe(first!.attempts.length + 1);
    stream.leave();
  });

  it('is 404 where nothing is known by the key, and 400 with a parameter that is wrong', async () => {
    expect((await server.get('/api/workflows/nobody/live')).status).toBe(404);
    expect((await server.get('/api/workflows/order_1/live?limit=0')).status).toBe(400);
  });

  it('keeps no server from closing after it was left, nor does a connection on which nothing was asked', async () => {
    const other = await testServer();
    await other.send(order(1, 0));
    const stream = await Stream.open(`${other.uiUrl}/api/workflows/order_1/live`);
    await stream.next();
    stream.leave();
    const { hostname, port } = new URL(other.uiUrl);
    const silent = connect(Number(port), hostname);
    await once(silent, 'connect');
    const gone = once(silent, 'close');
    const began = performance.now();
    await other.close();
    await gone;
    // Connections may be idle for 75 s.
    expect(performance.now() - began).toBeLessThan(30_000);
  }, 60_000);

  it('does not keep a server from closing', async () => {
    const other = await testServer();
    await other.send(order(1, 0));
    const stream = await Stream.open(`${other.uiUrl}/api/workflows/order_1/live`);
    await stream.next();
    await other.close();
    let last = await stream.next();
    while (last) last = await stream.next();
    expect(last).toBeNull();
  });
});

describe('workflows that end', () => {
  interface Ended {
    readonly workflows: readonly { readonly key: string }[];
  }

  /** The keys that a stream tells at first. */
  async function ended(at: TestServer, query: string): Promise<string[]> {
    const stream = await Stream.open(`${at.uiUrl}/api/live/ended?${query}`);
    const told = await stream.next<Ended>();
    stream.leave();
    return told!.workflows.map(({ key }) => key).sort();
  }

  it('are told by the filters of the list', async () => {
    const other = await testServer();
    try {
      for (const n of [1, 2, 3]) await other.send(order(n, n));
      await other.noted();
      expect(await ended(other, '')).toEqual(['order_1', 'order_2', 'order_3']);
      expect(await ended(other, 'q=order_2')).toEqual(['order_2']);
      expect(await ended(other, 'q=of-no-workflow')).toEqual([]);
      const { json } = await other.get<{ workflows: { key: string }[] }>(
        `/api/workflows?attr=${encodeURIComponent('messaging.message.id:evt_3')}`,
      );
      const listed = json.workflows.map(({ key }) => key);
      expect(listed).toEqual(['order_3']);
      expect(await ended(other, `attr=${encodeURIComponent('messaging.message.id:evt_3')}`)).toEqual(listed);
      expect((await other.get('/api/live/ended?attr=nothing')).status).toBe(400);
    } finally {
      await other.close();
    }
  });
});
