import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, SpanKind } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Upshot } from '@upshot/sdk';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

export const exporter = new InMemorySpanExporter();
export const tracerProvider = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(exporter)],
});
export const upshot = new Upshot({ service: 'shop', tracerProvider });
export const receiver = new Upshot({ service: 'warehouse', tracerProvider });
const servers: Server[] = [];

interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sets the tests of a file up. */
export function recordAll(): void {
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
}

/** Closed after each test. */
export async function listen(server: Server): Promise<string> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A receiver that knows nothing of Upshot, and answers with these statuses in turn. */
export async function plain(...statuses: number[]): Promise<{ url: string; seen: Seen[] }> {
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

export const of = (kind: SpanKind): ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.kind === kind);
export const tries = () =>
  of(SpanKind.CONSUMER).map(({ attributes, status }) => [
    attributes['upshot.consumer'],
    attributes['upshot.attempt'] ?? null,
    attributes['upshot.outcome'],
    attributes['upshot.disposition'] ?? null,
    status.message ?? null,
  ]);
