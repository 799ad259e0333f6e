import { decodeExport } from '@upshot/receiver';
import { NO_ROWS } from '@upshot/storage';
import { describe, expect, it } from 'vitest';
import { RecentRows } from '../../src/roll-up/RecentRows.js';
import { order, otlpJson, traceIdOf } from '../fixtures/telemetry.js';

const MOST_KEYS = 100;

/** Order number n, written n seconds after the beginning. */
function filled(orders: number, since = 1n): RecentRows {
  const recent = new RecentRows(since, MOST_KEYS);
  for (let n = 1; n <= orders; n++) {
    const { spans } = decodeExport(Buffer.from(JSON.stringify(otlpJson(order(n, n * 1_000)))), 'json');
    recent.add({ spans, records: [], logs: NO_ROWS }, since + BigInt(n));
  }
  return recent;
}

const sought = (...numbers: number[]) => ({
  correlationIds: numbers.map((n) => `order_${n}`),
  limit: 10,
});

describe('what arrived lately', () => {
  it('is known by its traces, and what nothing had is known to be new', () => {
    const recent = filled(5);
    const { arrivals, isOlder } = recent.holders(sought(5))!;
    expect(arrivals.length).toBeGreaterThan(0);
    expect(arrivals.every(({ eventId }) => eventId === '')).toBe(true);
    expect(isOlder).toBe(false);
    expect(recent.holders(sought(77))).toEqual({ arrivals: [], isOlder: false });
  });

  it('is known to have been there when its traces are forgotten, and nothing else is', () => {
    const recent = filled(200);
    const { arrivals, isOlder } = recent.holders(sought(1, 200, 777))!;
    expect(arrivals.map(({ traceId }) => traceId)).not.toContain(traceIdOf(1));
    expect(arrivals.length).toBeGreaterThan(0);
    expect(isOlder).toBe(true);
    expect(recent.olderOf(sought(1, 200, 777))).toEqual({
      correlationIds: ['order_1'],
      eventIds: [],
      causationIds: [],
      linksTo: [],
    });
    expect(recent.sinceUnixNano).toBe(1n);
  });

  it('is all there is only while its traces are known from the beginning', () => {
    expect(filled(5, 0n).knowsAll).toBe(true);
    expect(filled(200, 0n).knowsAll).toBe(false);
    expect(filled(5).knowsAll).toBe(false);
  });

  it('is nothing until it is begun', () => {
    const recent = new RecentRows();
    expect(recent.knowsNothing).toBe(true);
    expect(recent.sinceUnixNano).toBeGreaterThan(2n ** 64n - 1n);
  });
});
