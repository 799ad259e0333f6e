/**
 * What the SDK costs the application: CPU time of a publish and of a process, with no exporter behind, and whether memory stays where it is over many
 * messages.
 *
 *     node bench/sdk/run.mjs [--times 200000] [--messages 1000000]      (after npm run build)
 *
 * CPU time of this process (user and system, the collector's included), so that a busy machine does not count. Warmed up; the least of five rounds and their middle.
 */
import { parseArgs } from 'node:util';
import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { Upshot } from '@upshot/sdk';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '200000' }, messages: { type: 'string', default: '1000000' } },
});
const TIMES = Number(values.times);
const MESSAGES = Number(values.messages);
const ROUNDS = 5;

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
/** Spans are recorded and, once ended, dropped: what is measured is the SDK with OpenTelemetry's tracer, without any exporter. */
const tracerProvider = new BasicTracerProvider({ spanProcessors: [] });
const kafka = {
  system: 'kafka',
  cloudEvents: 'ce_',
  instrumentations: ['@opentelemetry/instrumentation-kafkajs'],
};
const rules = {
  traceConventions: {
    requiredFields: ['traceId', 'eventId', 'correlationId', 'consumerName'],
    spanNaming: { style: 'business-step-first' },
  },
};

const publication = {
  event: 'order.placed',
  destination: 'orders',
  key: 'k',
  correlationId: 'order_441',
  transport: kafka,
  headers: { tenant: 'a' },
};
/** @param {Upshot} upshot */
function headersOf(upshot) {
  const { headers } = upshot.workflow('order_441', () => upshot.publish(publication));
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));
}

const plain = new Upshot({ service: 'shop', tracerProvider });
const checked = new Upshot({ service: 'shop', tracerProvider, conventions: rules });
const watched = new Upshot({ service: 'shop', tracerProvider, records: () => {} });
const untraced = new Upshot({ service: 'shop' });
const tracer = tracerProvider.getTracer('bare');
const reception = {
  destination: 'orders',
  consumer: 'billing',
  step: 'authorize-payment',
  partition: 0,
  offset: '7',
  transport: kafka,
};

/** @type {Record<string, () => (() => unknown)>} */
const MEASURED = {
  "a bare span of OpenTelemetry's, for comparison": () => () =>
    tracer.startSpan('bare', { attributes: { a: 1 } }).end(),
  publish: () => publishing(plain),
  'publish, with conventions': () => publishing(checked),
  'publish, no tracer': () => publishing(untraced),
  'process, headers as bytes': () => processing(plain),
  'process, with conventions': () => processing(checked),
  'process, watched for a processing record': () => processing(watched),
  'process, no tracer': () => processing(untraced),
  'process, an asynchronous handler': () => {
    const headers = headersOf(plain);
    return () => plain.process({ ...reception, headers }, async () => {});
  },
  step: () => () => plain.step('reserve-inventory', () => {}),
};

/** @param {Upshot} upshot */
function publishing(upshot) {
  return () => upshot.publish(publication, () => {});
}

/** @param {Upshot} upshot */
function processing(upshot) {
  const headers = headersOf(upshot);
  return () => upshot.process({ ...reception, headers }, () => {});
}

console.log('| CPU µs each | least | middle |\n|---|---|---|');
for (const [name, make] of Object.entries(MEASURED)) {
  const work = make();
  await repeat(work, TIMES / 4);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await repeat(work, TIMES);
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / TIMES);
  }
  rounds.sort((a, b) => a - b);
  console.log(`| ${name} | ${rounds[0]?.toFixed(2)} | ${rounds[ROUNDS >> 1]?.toFixed(2)} |`);
}

if (MESSAGES > 0) {
  let sent = 0;
  const one = async () => {
    const { headers } = plain.workflow(`order_${sent++}`, () =>
      plain.publish({ ...publication, id: `evt_${sent}` }),
    );
    await plain.process({ ...reception, headers }, async () => {
      await plain.step('reserve-inventory', async () => {});
      plain.publish({ event: 'payment.authorized', destination: 'payments' });
    });
  };
  await repeat(one, MESSAGES / 10);
  const before = heap();
  await repeat(one, MESSAGES);
  const after = heap();
  console.log(
    `\n${MESSAGES} messages through workflow, publish, process, step, publish: heap ${mb(before)} → ${mb(after)} MB`,
  );
}

/**
 * @param {() => unknown} work
 * @param {number} times
 */
async function repeat(work, times) {
  for (let at = 0; at < times; at++) {
    const result = work();
    if (result instanceof Promise) await result;
  }
}

/** Bytes that are in use once what can be collected is. */
function heap() {
  if (globalThis.gc === undefined) return process.memoryUsage().heapUsed;
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** @param {number} bytes */
function mb(bytes) {
  return (bytes / 2 ** 20).toFixed(1);
}
