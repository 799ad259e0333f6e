import { context, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { type Attempt, SCOPE, Upshot } from '@upshot/sdk';
import {
  addToEach,
  attemptOf,
  instrumentFlowProducer,
  instrumentQueue,
  instrumentWorker,
} from '@upshot/sdk-bullmq';
import { DelayedError, FlowProducer, type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import { BullMQOtel } from 'bullmq-otel';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeBroker } from '../../../test/brokers/describeBroker.js';

describeBroker('queues of BullMQ', 'redis', (broker) => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const upshot = new Upshot({ service: 'billing', tracerProvider });
  let connection: { host: string; port: number; maxRetriesPerRequest: null };
  let queue: Queue;
  let name: string;
  let count = 0;
  const open: { close(force?: boolean): Promise<unknown> }[] = [];

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(tracerProvider);
    const { hostname, port } = new URL(broker().url);
    connection = { host: hostname, port: Number(port), maxRetriesPerRequest: null };
  });
  beforeEach(() => {
    name = `orders${++count}`;
    queue = instrumentQueue(new Queue(name, { connection }), { upshot });
    open.push(queue);
    exporter.reset();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  afterAll(() => {
    context.disable();
    trace.disable();
  });

  function work(handler: ((job: Job) => unknown) | null, options: object = {}, ours: object = {}): Worker {
    const process = handler === null ? null : async (job: Job) => handler(job);
    const worker = new Worker(name, process, { connection, ...options });
    open.push(worker);
    return instrumentWorker(worker, { upshot, ...ours });
  }
  const of = (kind: SpanKind): ReadableSpan[] =>
    exporter.getFinishedSpans().filter((span) => span.kind === kind);
  const tries = () =>
    of(SpanKind.CONSUMER).map(({ attributes }) => [
      attributes['upshot.attempt'],
      attributes['upshot.outcome'],
      attributes['upshot.disposition'] ?? null,
    ]);

  it('carries context in the options of a job, and leaves those of the caller alone', async () => {
    const options = Object.freeze({ attempts: 2, telemetry: Object.freeze({ metadata: '{"own":"1"}' }) });
    const job = await queue.add('order.placed', { id: 1 }, options);
    const attempts: Attempt[] = [];
    work(
      (taken) => void attempts.push(attemptOf(taken)!),
      {},
      { step: { 'order.placed': 'authorize-payment' } },
    );
    await expect.poll(() => of(SpanKind.CONSUMER)).toHaveLength(1);
    expect(JSON.parse(job.opts.telemetry!.metadata!)).toMatchObject({
      own: '1',
      'upshot-event-id': attempts[0]!.eventId,
    });
    expect(attempts[0]).toMatchObject({ eventName: 'order.placed', consumer: name, number: 1 });
    const [sent] = of(SpanKind.PRODUCER);
    const [process] = of(SpanKind.CONSUMER);
    expect(sent!.attributes['bullmq.job.id']).toBe(job.id);
    expect(process).toMatchObject({
      name: 'authorize-payment',
      parentSpanContext: { spanId: sent!.spanContext().spanId },
    });
  });

  it('counts tries with their back-off, lands in the failed set, and goes on after a manual retry', async () => {
    const job = await queue.add('order.placed', {}, { attempts: 2, backoff: { type: 'fixed', delay: 20 } });
    let fails = true;
    work(() => {
      if (fails) throw new RangeError('too much');
    });
    await expect.poll(() => job.isFailed()).toBe(true);
    expect(tries()).toEqual([
      [1, 'failed', 'retry'],
      [2, 'failed', 'dead-letter'],
    ]);
    expect(of(SpanKind.CONSUMER)[0]!.status.message).toBe('too much');
    fails = false;
    await (await queue.getJob(job.id!))!.retry();
    await expect.poll(tries).toHaveLength(3);
    expect(tries()[2]).toEqual([3, 'succeeded', null]);
    const events = of(SpanKind.CONSUMER).map(({ attributes }) => attributes['upshot.event_id']);
    expect(new Set(events).size).toBe(1);
  });

  it('adds one event to several queues, instrumented or not, with their options', async () => {
    const other = new Queue(`${name}.mail`, { connection });
    open.push(other);
    const options = { attempts: 3, telemetry: { metadata: '{"own":"1"}' } };
    const each = { upshot, destination: 'orders' };
    const jobs = await addToEach([queue, other], 'order.placed', { order: 441 }, options, each);
    expect(jobs.map(({ data, opts }) => [data, opts?.attempts])).toEqual([
      [{ order: 441 }, 3],
      [{ order: 441 }, 3],
    ]);
    work(() => undefined);
    const mail = new Worker(other.name, async () => undefined, { connection });
    open.push(mail);
    instrumentWorker(mail, { upshot, consumer: 'mail' });
    await expect.poll(tries).toHaveLength(2);
    const [sent, ...more] = of(SpanKind.PRODUCER);
    expect(more).toEqual([]);
    expect(sent!.attributes).toMatchObject({
      'messaging.destination.name': 'orders',
      'upshot.event': 'order.placed',
    });
    expect(of(SpanKind.CONSUMER).map(({ attributes }) => attributes['upshot.event_id'])).toEqual([
      sent!.attributes['upshot.event_id'],
      sent!.attributes['upshot.event_id'],
    ]);
    expect(options.telemetry.metadata).toBe('{"own":"1"}');
  });

  it('gives up where BullMQ does: on its own error, and by a strategy of the user', async () => {
    work(
      ({ data }) => {
        if (data === 'hopeless') throw new UnrecoverableError('no such order');
        throw new Error('perhaps');
      },
      { settings: { backoffStrategy: (made: number) => (made > 1 ? -1 : 5) } },
    );
    await queue.add('order.placed', 'hopeless', { attempts: 9 });
    await expect.poll(tries).toEqual([[1, 'failed', 'dead-letter']]);
    await queue.add('order.placed', 'later', { attempts: 9, backoff: { type: 'custom' } });
    await expect.poll(tries).toEqual([
      [1, 'failed', 'dead-letter'],
      [1, 'failed', 'retry'],
      [2, 'failed', 'dead-letter'],
    ]);
  });

  it('has not failed what a handler moves to later', async () => {
    await queue.add('order.placed', {});
    const worker = new Worker(
      name,
      async (job, token) => {
        if (job.attemptsStarted > 1) return;
        await job.moveToDelayed(Date.now() + 5, token);
        throw new DelayedError();
      },
      { connection },
    );
    open.push(instrumentWorker(worker, { upshot }));
    await expect.poll(tries).toEqual([
      [1, 'skipped', null],
      [2, 'succeeded', null],
    ]);
  });

  it('tells of a job that stalled too often to come to its handler', async () => {
    const job = await queue.add('order.placed', {}, { attempts: 3 });
    // A worker that takes the job, and dies.
    const dead = new Worker(name, null, { connection, lockDuration: 50 });
    open.push({ close: () => dead.close(true) });
    await dead.getNextJob('token');
    work(() => undefined, { stalledInterval: 60, maxStalledCount: 0 });
    await expect.poll(() => job.isFailed(), { timeout: 10_000 }).toBe(true);
    await expect.poll(tries).toMatchObject([[expect.any(Number), 'failed', 'dead-letter']]);
    expect(of(SpanKind.CONSUMER)[0]!.status.message).toMatch(/stalled/);
  });

  it('of many jobs makes as many events, in one go', async () => {
    const jobs = await queue.addBulk(['a', 'b'].map((data) => ({ name: 'order.placed', data })));
    const ids = of(SpanKind.PRODUCER).map(({ attributes }) => attributes['upshot.event_id']);
    expect(new Set(ids).size).toBe(2);
    expect(jobs.map(({ opts }) => JSON.parse(opts.telemetry!.metadata!)['upshot-event-id'])).toEqual(ids);
    const worker = work(null);
    const taken = [await worker.getNextJob('t'), await worker.getNextJob('t')];
    const followUp = attemptOf(taken[1]!)!.run(() => upshot.publish({ event: 'payment.authorized' }));
    expect(followUp.causationId).toBe(ids[1]);
    await taken[0]!.moveToCompleted(null, 't', false);
    await taken[1]!.moveToFailed(new Error('no'), 't');
    expect(tries()).toEqual([
      [1, 'succeeded', null],
      [1, 'failed', 'dead-letter'],
    ]);
  });

  it('of a flow makes an event for each of its jobs', async () => {
    const flows = instrumentFlowProducer(new FlowProducer({ connection }), { upshot });
    open.push(flows);
    await upshot.workflow('order_441', () =>
      flows.add({
        name: 'order.shipped',
        queueName: name,
        children: [{ name: 'order.packed', queueName: name, data: 1 }],
      }),
    );
    const order: string[] = [];
    work((job) => void order.push(`${job.name} ${attemptOf(job)!.correlationId}`));
    await expect.poll(() => order).toEqual(['order.packed order_441', 'order.shipped order_441']);
  });

  it("adopts the spans of BullMQ's own telemetry, whatever its tracer is called", async () => {
    const telemetry = new BullMQOtel({ tracerName: 'shop' });
    const own = instrumentQueue(new Queue(name, { connection, telemetry }), { upshot });
    open.push(own);
    await own.add('order.placed', {});
    await own.addBulk([{ name: 'order.placed', data: {} }]);
    work(() => undefined, { telemetry });
    await expect.poll(() => of(SpanKind.CONSUMER)).toHaveLength(2);
    const scopes = (kind: SpanKind) => of(kind).map(({ instrumentationScope }) => instrumentationScope.name);
    expect(scopes(SpanKind.PRODUCER)).toEqual([SCOPE, SCOPE]);
    expect(scopes(SpanKind.CONSUMER)).toEqual(['shop', 'shop']);
    const senders = of(SpanKind.CONSUMER).map(({ links }) => links[0]?.context.spanId);
    expect(senders).toEqual(of(SpanKind.PRODUCER).map((span) => span.spanContext().spanId));
  });

  it('lets errors and results through, and makes nothing of what repeats or is no text', async () => {
    const error = new Error('connection is closed');
    const broken = instrumentQueue(
      { name, add: () => Promise.reject(error), addBulk: async () => [] },
      { upshot },
    );
    await expect((broken.add as unknown as Queue['add'])('a', {})).rejects.toBe(error);
    expect(of(SpanKind.PRODUCER)[0]!.status.message).toBe('connection is closed');
    exporter.reset();
    await queue.upsertJobScheduler('nightly', { every: 3_600_000 }, { name: 'night.began' });
    const bare = await queue.add('bare', {}, { telemetry: { omitContext: true } });
    expect(bare.opts.telemetry).toEqual({ omitContext: true });
    expect(of(SpanKind.PRODUCER)).toEqual([]);
    await bare.remove();
    const plain = new Queue(name, { connection });
    open.push(plain);
    for (const metadata of ['{', '[]', 'null', '"x"', '{"traceparent":7}'])
      await plain.add('bare', {}, { telemetry: { metadata } });
    const numbers: unknown[] = [];
    work((job) => void numbers.push(attemptOf(job)!.number));
    await expect.poll(() => numbers).toEqual([1, 1, 1, 1, 1, 1]);
    expect(instrumentQueue(queue)).toBe(queue);
  });
});
