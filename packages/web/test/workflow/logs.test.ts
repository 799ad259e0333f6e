import type { AttemptNode, LogLine } from '@upshot/model';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { LogPart } from '../../src/workflow/panel/LogPart.js';
import { logsOf, storedLine } from '../../src/workflow/panel/logLines.js';
import { at, GraphMaker } from '../fixtures/graphs.js';

function line(ms: number, text: string, more: Partial<LogLine> = {}): LogLine {
  return {
    timeUnixNano: at(ms),
    severity: 'info',
    eventName: null,
    text,
    service: 'payments',
    traceId: null,
    spanId: null,
    placedBy: 'span',
    ...more,
  };
}

/** Two attempts of one delivery, with what each wrote. */
function attempts(logs: readonly (readonly LogLine[])[], logsOmitted = 0): AttemptNode[] {
  const spans = logs.map((_, n) => [100 * n, 100 * n + 50] as const);
  return new GraphMaker()
    .event('placed', 'order.placed', 0, [])
    .delivery('pay', 'placed', 'failed', spans)
    .graph()
    .attempts.map((attempt, n) => ({
      ...attempt,
      logs: logs[n],
      ...(n === 0 && logsOmitted && { logsOmitted }),
    }));
}

function draw(nodes: readonly AttemptNode[], note: string | null = null): string {
  const start = BigInt(at(0));
  return renderToStaticMarkup(createElement(LogPart, { ...logsOf(nodes), start, note, showAll: () => {} }));
}

/** What is read, without the tags. */
function words(markup: string): string {
  return markup
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

describe('the log records of a node', () => {
  it('are told by time over all attempts, each with its severity in words and as an icon', () => {
    const markup = draw(
      attempts([
        [line(30, 'card was slow', { severity: 'warn' })],
        [line(110, 'gave up', { severity: 'error' }), line(20, 'late', { placedBy: 'event-id' })],
      ]),
    );
    expect(words(markup)).toBe(
      'Log records 3 info +20 ms attempt 2 placed by event ID late warn +30 ms attempt 1 card was slow error +110 ms attempt 2 gave up',
    );
    expect(markup.match(/<svg/g)).toHaveLength(3);
    expect(new Set(markup.match(/<svg.*?<\/svg>/g)).size).toBe(3);
  });

  it('are nothing where there are none', () => {
    expect(draw(attempts([[], []]))).toBe('');
  });

  it('say how many more there are, and give them on demand', () => {
    const few = attempts([[line(1, 'first')]], 49);
    expect(words(draw(few))).toBe('Log records the gravest 1 of 50 info +1 ms first Show all 50');
    expect(words(draw(few, 'Reading all log records'))).toMatch(/first Reading all log records$/);
  });

  it('stay text, whatever they say', () => {
    const markup = draw(
      attempts([[line(1, '<img src=x onerror=alert(1)>\u202egnp\u001b[31m\nsecond line')]]),
    );
    expect(markup).not.toMatch(/<img|\u202e|\u001b/);
    expect(markup).toContain('&lt;img src=x onerror=alert(1)&gt;\\u202egnp\\u001b[31m\nsecond line');
  });

  it('read alike as they were stored', () => {
    const nodes = attempts([[]]);
    const stored = {
      traceId: null,
      spanId: null,
      timeUnixNano: at(5),
      observedTimeUnixNano: at(5),
      severityNumber: 18,
      severityText: '',
      eventName: '',
      body: 'payment failed',
      attributes: { 'exception.type': 'CardError', 'exception.message': 'declined' },
      droppedAttributesCount: 0,
      flags: 0,
      resource: { attributes: {}, schemaUrl: '' },
      scope: { name: '', version: '', attributes: {}, schemaUrl: '' },
      placedBy: 'trace' as const,
    };
    expect(storedLine(stored, nodes[0]!, nodes)).toEqual({
      timeUnixNano: BigInt(at(5)),
      severity: 'error',
      eventName: null,
      text: 'payment failed (CardError: declined)',
      attempt: null,
      placedBy: 'trace',
    });
    expect(storedLine({ ...stored, body: { a: 1 }, attributes: {} }, nodes[0]!, nodes).text).toBe('{"a":1}');
  });
});
