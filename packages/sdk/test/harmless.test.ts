import { Upshot } from '@upshot/sdk';
import { describe, expect, it } from 'vitest';
import { recorded } from './recorded.js';

const SENDER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

describe('nothing reaches the application', () => {
  const boom = (): never => {
    throw new Error('boom');
  };
  const trap: object = new Proxy({}, { get: boom, ownKeys: boom, has: boom, getOwnPropertyDescriptor: boom });

  it('of a tracer that throws, headers that throw, functions that throw', async () => {
    const upshot = new Upshot({
      tracerProvider: { getTracer: () => ({ startSpan: boom, startActiveSpan: boom }) },
    });
    expect(upshot.publish({ event: 'e' }, () => 1)).toBe(1);
    expect(upshot.process({ headers: trap }, () => 2)).toBe(2);
    expect(upshot.processBatch([{}, { headers: trap }], (attempts) => attempts.length)).toBe(2);
    expect(upshot.step('s', () => 3)).toBe(3);
    expect(upshot.workflow('w', () => 4)).toBe(4);
    expect(upshot.resume(trap, () => 5)).toBe(5);
    const { upshot: traced } = recorded({ records: boom, processingAfterMs: 0 });
    const error = new Error('own');
    await expect(traced.process({ headers: trap, decide: boom }, () => Promise.reject(error))).rejects.toBe(
      error,
    );
    expect(traced.publish({ event: 'e', headers: trap, attributes: trap as never }, () => 6)).toBe(6);
    const { upshot: checked } = recorded({
      conventions: { traceConventions: { requiredFields: ['step'] } },
      warn: boom,
    });
    expect(checked.process({ attributes: trap as never, consumer: 'c' }, () => 8)).toBe(8);
    for (const bad of ['', 'x'.repeat(1000), '\n', null as never])
      expect(traced.workflow(bad, () => 7)).toBe(7);
  });

  it('of a span whose methods throw', () => {
    const span = new Proxy(
      { spanContext: () => ({ ...SENDER, traceFlags: 1 }) },
      { get: (target, name) => (name === 'spanContext' ? target.spanContext : boom) },
    );
    const upshot = new Upshot({
      tracerProvider: { getTracer: () => ({ startSpan: () => span as never, startActiveSpan: boom }) },
    });
    expect(upshot.publish({ event: 'e' }, () => 1)).toBe(1);
    expect(upshot.process({}, (attempt) => attempt.skip())).toBeUndefined();
    expect(() =>
      upshot.process({}, () => {
        throw new RangeError('own');
      }),
    ).toThrow('own');
  });

  it('of errors that can not be read', () => {
    const { upshot } = recorded();
    for (const error of [undefined, null, Symbol('s'), trap, { toString: boom }, Object.create(null)]) {
      let thrown: unknown = 'nothing';
      try {
        upshot.process({}, () => {
          throw error;
        });
      } catch (caught) {
        thrown = caught;
      }
      expect(Object.is(thrown, error)).toBe(true);
    }
  });
});
