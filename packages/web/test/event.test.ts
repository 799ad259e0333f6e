import type { GraphNode } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { type EventListLine, foldLike } from '../src/event/foldLike.js';
import { at } from './fixtures/graphs.js';

function attempt(id: string, step: string, outcome: 'succeeded' | 'failed'): GraphNode {
  return {
    type: 'attempt',
    id,
    delivery: `${id}-delivery`,
    number: 1,
    step,
    service: 'mailer',
    outcome,
    error: outcome === 'failed' ? { type: 'Error', message: 'no' } : null,
    startTimeUnixNano: at(1),
    endTimeUnixNano: at(2),
    waitNano: null,
    traceId: '',
    spanId: null,
  };
}

function words(lines: readonly EventListLine[]): string[] {
  return lines.map((line) =>
    line.kind === 'like' ? `${line.name} ×${line.nodes.length}` : `one ${line.node.id}`,
  );
}

describe('the list of what an event led to', () => {
  it('names each node while there are few', () => {
    const few = Array.from({ length: 6 }, (_, n) => attempt(`${n}`, 'send', 'succeeded'));
    expect(words(foldLike(few))).toEqual(['one 0', 'one 1', 'one 2', 'one 3', 'one 4', 'one 5']);
  });

  it('counts like ones by state, the failed first, and loses none', () => {
    const many = Array.from({ length: 40 }, (_, n) =>
      attempt(`${n}`, 'send', n % 10 === 3 ? 'failed' : 'succeeded'),
    );
    const other = attempt('other', 'file', 'succeeded');
    const lines = foldLike([...many, other, attempt('last', 'send', 'succeeded')]);
    expect(words(lines)).toEqual(['send ×4', 'send ×36', 'one other', 'one last']);
    expect(lines[0]).toMatchObject({ nodes: [{ outcome: 'failed' }, {}, {}, {}] });
  });

  it('names one that failed among many', () => {
    const many = Array.from({ length: 20 }, (_, n) =>
      attempt(`${n}`, 'send', n === 5 ? 'failed' : 'succeeded'),
    );
    expect(words(foldLike(many))).toEqual(['one 5', 'send ×19']);
  });
});
