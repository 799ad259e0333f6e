import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { Upshot } from '@upshot/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { recorded, registerContext, unregister } from './recorded.js';

afterEach(unregister);

const HEADERS = {
  'upshot-event-id': 'evt_1',
  'upshot-event-name': 'order.placed',
  'upshot-correlation-id': 'order_441',
  'upshot-causation-id': 'evt_0',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};
const WITHIN = { eventId: 'evt_1', correlationId: 'order_441', causationId: 'evt_0' };

const surroundings: Record<string, () => Upshot> = {
  'no OpenTelemetry at all': () => new Upshot({ service: 'billing' }),
  'a tracer, and no context manager': () => recorded().upshot,
  'a tracer and a context manager': () => {
    registerContext();
    return recorded().upshot;
  },
};

for (const [name, make] of Object.entries(surroundings)) {
  describe(`with ${name}`, () => {
    it('the IDs hold through promises, timers, ticks and emitters', async () => {
      const upshot = make();
      await upshot.process({ headers: HEADERS }, async () => {
        const ids = upshot.current();
        expect(ids).toMatchObject(WITHIN);
        expect(ids.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
        await Promise.all([sleep(2), Promise.resolve()]);
        expect(upshot.current()).toEqual(ids);
        for (const later of [setTimeout, setImmediate, process.nextTick, queueMicrotask] as ((
          work: () => void,
        ) => void)[])
          await new Promise<void>((resolve) =>
            later(() => {
              expect(upshot.current()).toEqual(ids);
              resolve();
            }),
          );
        const emitter = new EventEmitter();
        setTimeout(() => emitter.emit('done'), 1);
        await once(emitter, 'done');
        expect(upshot.current()).toEqual(ids);
      });
      expect(upshot.current().eventId).toBeNull();
    });

    it('and through streams', async () => {
      const upshot = make();
      const seen: unknown[] = [];
      await upshot.process({ headers: HEADERS }, () =>
        pipeline(
          Readable.from([1, 2, 3]),
          async function* (source) {
            for await (const chunk of source) {
              await sleep(1);
              yield chunk;
            }
          },
          async (source) => {
            for await (const _ of source) seen.push(upshot.current().eventId);
          },
        ),
      );
      expect(seen).toEqual(['evt_1', 'evt_1', 'evt_1']);
    });

    it('two messages at once do not mix', async () => {
      const upshot = make();
      const seen = await Promise.all(
        ['evt_a', 'evt_b', 'evt_c'].map((eventId, index) =>
          upshot.process({ headers: { 'upshot-event-id': eventId } }, async () => {
            await sleep(5 - index);
            const { causationId } = upshot.publish({ event: 'next' });
            return [upshot.current().eventId, causationId];
          }),
        ),
      );
      expect(seen).toEqual([
        ['evt_a', 'evt_a'],
        ['evt_b', 'evt_b'],
        ['evt_c', 'evt_c'],
      ]);
    });

    it('a chain of publishes carries correlation and cause', async () => {
      const upshot = make();
      const first = upshot.workflow('order_441', () => upshot.publish({ event: 'order.placed' }));
      const second = await upshot.process({ headers: first.headers }, async () =>
        upshot.publish({ event: 'payment.authorized' }),
      );
      const third = await upshot.process({ headers: second.headers }, async () =>
        upshot.publish({ event: 'order.shipped' }),
      );
      expect([first, second, third].map(({ correlationId }) => correlationId)).toEqual(
        Array(3).fill('order_441'),
      );
      expect([first, second, third].map(({ causationId }) => causationId)).toEqual([
        null,
        first.eventId,
        second.eventId,
      ]);
      expect(new Set([first, second, third].map(({ eventId }) => eventId)).size).toBe(3);
    });

    it('a carrier takes them across a worker thread', async () => {
      const upshot = make();
      const answer = await upshot.process({ headers: HEADERS }, async () => {
        const carrier = upshot.capture();
        const worker = new Worker(
          'require("node:worker_threads").parentPort.postMessage(require("node:worker_threads").workerData)',
          {
            eval: true,
            workerData: carrier,
          },
        );
        const [back] = await once(worker, 'message');
        return back;
      });
      upshot.resume(answer, () => {
        expect(upshot.current()).toMatchObject({ ...WITHIN, traceId: '4bf92f3577b34da6a3ce929d0e0e4736' });
        expect(upshot.publish({ event: 'next' })).toMatchObject({
          correlationId: 'order_441',
          causationId: 'evt_1',
        });
      });
    });
  });
}

it('a context that the application clears is cleared', () => {
  registerContext();
  const { upshot } = recorded();
  upshot.process({ headers: HEADERS }, () =>
    context.with(ROOT_CONTEXT, () => expect(upshot.current().eventId).toBeNull()),
  );
});

it('a consumer that is started within a workflow does not belong to it', async () => {
  registerContext();
  const { upshot } = recorded();
  const bus = new EventEmitter();
  upshot.workflow('start-up', () => {
    bus.on('message', () => undefined);
    void upshot.process({ headers: {} }, () => expect(upshot.current().correlationId).toBeNull());
  });
});
