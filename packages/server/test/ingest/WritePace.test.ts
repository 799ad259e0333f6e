import { describe, expect, it } from 'vitest';
import { type PaceOptions, WritePace } from '../../src/ingest/WritePace.js';

const OPTIONS: PaceOptions = {
  enoughRows: 16_000,
  companyMs: 4,
  gatherMs: 50,
  intervalMs: 100,
  smallRows: 4000,
  burst: 2,
};

const start = (changes: Partial<PaceOptions> = {}) => new WritePace({ ...OPTIONS, ...changes }, 0);

describe('WritePace', () => {
  it('lets one request wait a moment for company', () => {
    expect(start().due({ rows: 1, since: 10, lastAdded: 10 })).toBe(14);
  });

  it('waits on while others come, but not for ever', () => {
    const pace = start();
    expect(pace.due({ rows: 500, since: 10, lastAdded: 30 })).toBe(34);
    expect(pace.due({ rows: 5000, since: 10, lastAdded: 59 })).toBe(60);
  });

  it('gives senders that were just acknowledged the time to join those that wait', () => {
    const pace = start();
    pace.began(0, 8000);
    pace.ended(80);
    expect(pace.due({ rows: 8000, since: 5, lastAdded: 40 })).toBe(84);
    expect(pace.due({ rows: 12_000, since: 5, lastAdded: 83 })).toBe(87);
    expect(pace.due({ rows: 12_000, since: 5, lastAdded: 129 })).toBe(130);
  });

  it('waits for nothing once rows are enough', () => {
    expect(start().due({ rows: 16_000, since: 10, lastAdded: 10 })).toBe(Number.NEGATIVE_INFINITY);
  });

  it('holds small writes apart on average, after a burst', () => {
    const pace = start();
    const dueAt = (now: number) => pace.due({ rows: 1, since: now, lastAdded: now });
    for (const now of [0, 10]) {
      expect(dueAt(now)).toBe(now + 4);
      pace.began(now + 4, 1);
    }
    expect(dueAt(20)).toBeGreaterThan(95);
    expect(dueAt(20)).toBeLessThanOrEqual(120);
    expect(dueAt(5000)).toBe(5004);
  });

  it('asks the less of a write the more rows it has', () => {
    const pace = start({ burst: 0 });
    const due = (rows: number) => pace.due({ rows, since: 0, lastAdded: 0 });
    expect(due(1000)).toBe(75);
    expect(due(3000)).toBe(25);
    expect(due(4000)).toBe(4);
  });
});
