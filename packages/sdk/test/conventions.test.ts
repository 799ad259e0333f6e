import { type Attempt, ConventionError, Upshot } from '@upshot/sdk';
import { describe, expect, it } from 'vitest';
import { recorded } from './recorded.js';

describe('conventions', () => {
  const conventions = {
    traceConventions: {
      requiredFields: ['eventId', 'correlationId', 'consumerName'],
      spanNaming: { style: 'business-step-first' },
    },
  };

  it('are told once each, with the line to write', () => {
    const lines: string[] = [];
    const { upshot } = recorded({ conventions, warn: (line) => lines.push(line) });
    for (let round = 0; round < 3; round++) {
      const { headers } = upshot.publish({ event: 'order.placed', destination: 'orders' });
      upshot.process({ headers, destination: 'orders' }, () => undefined);
    }
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('sends order.placed without correlationId');
    expect(lines[0]).toContain("upshot.workflow('order_441'");
    expect(lines.join()).toContain("process({ consumer: 'warehouse' })");
    expect(lines.join()).toContain("process({ step: 'reserve-inventory' })");
  });

  it('are kept by a step below', () => {
    const lines: string[] = [];
    const { upshot } = recorded({ conventions, warn: (line) => lines.push(line) });
    upshot.workflow('order_441', () => {
      const { headers } = upshot.publish({ event: 'order.placed' });
      upshot.process({ headers, consumer: 'billing' }, () =>
        upshot.step('authorize-payment', () => undefined),
      );
    });
    expect(lines).toEqual([]);
  });

  it('throw in tests: before something is sent, after something was handled', async () => {
    const { upshot } = recorded({ conventions, conventionsMode: 'throw' });
    let sent = 0;
    expect(() => upshot.publish({ event: 'order.placed' }, () => sent++)).toThrow(ConventionError);
    expect(sent).toBe(0);
    const handled = async (attempt: Attempt) => attempt.eventId;
    await expect(upshot.process({ consumer: 'b', step: 'do-it' }, handled)).rejects.toThrow(
      /without eventId/,
    );
    const own = new Error('own');
    await expect(upshot.process({}, () => Promise.reject(own))).rejects.toBe(own);
  });

  it('are silent where they are off, and refused where they are none', () => {
    const lines: string[] = [];
    const { upshot } = recorded({ conventions, conventionsMode: 'off', warn: (line) => lines.push(line) });
    upshot.publish({ event: 'order.placed' });
    expect(lines).toEqual([]);
    expect(() => new Upshot({ conventions: { traceConventions: { requiredFields: ['evntId'] } } })).toThrow(
      /eventId/,
    );
  });
});
