import { describe, expect, it } from 'vitest';
import { WorkflowIndex } from '../../src/workflow/model/WorkflowIndex.js';
import { buildScene } from '../../src/workflow/scene/buildScene.js';
import { ticketMarkdown } from '../../src/workflow/share/ticketMarkdown.js';
import { plain } from '../../src/workflow/story/phrases.js';
import { tellStory } from '../../src/workflow/story/tellStory.js';
import { GraphMaker } from '../fixtures/graphs.js';

function storyOf(maker: GraphMaker) {
  const index = new WorkflowIndex(maker.graph());
  const story = tellStory(index, buildScene(index, { brokerSpans: false, open: new Set() }));
  return {
    ...story,
    answer: { ...story.answer, words: plain(story.answer.sentence) },
    told: story.lines.map((line) => plain(line.sentence)),
  };
}

/** An order whose warehouse is down for six hours, and whose payment recovers. */
function order(): GraphMaker {
  return new GraphMaker()
    .step('place-order', 0, 86)
    .event('placed', 'order.placed', 61, ['place-order'])
    .delivery(
      'pay',
      'placed',
      'recovered',
      [
        [80, 400],
        [2400, 2700],
        [6900, 7400],
      ],
      { consumer: 'payments' },
    )
    .delivery(
      'ship',
      'placed',
      'dead-lettered',
      [
        [90, 1100],
        [6000, 7000],
        [21_607_000, 21_608_000],
      ],
      { consumer: 'warehouse' },
    )
    .event('dead', 'order.placed', 21_608_100, ['ship#3'], {
      kind: 'dead-letter',
      destination: 'warehouse.dlq',
    })
    .delivery('invoice', 'placed', 'missing', [], { consumer: 'invoicing' })
    .finding('missing-delivery', 'invoicing followed 4,120 of the last 4,121', ['invoice']);
}

describe('a story', () => {
  it('answers first where it stopped, and why', () => {
    const { answer } = storyOf(order());
    expect(answer.question).toBe('Where did it stop, and why?');
    expect(answer.words).toBe(
      'It stopped at do-warehouse. warehouse tried 3 times over 6 h 00 m 07 s and failed with HTTP 503. The event lies in warehouse.dlq, not replayed.',
    );
    expect(answer.node).toBe('ship');
    expect(answer.asides.map(({ title, sentences }) => [title, ...sentences.map(plain)])).toEqual([
      ['Also did not happen', 'invoicing is missing, for order.placed'],
      ['What did work', '1 of 3 deliveries: do-payments.'],
    ]);
  });

  it('tells what happened in order, with the hours in which nothing did', () => {
    expect(storyOf(order()).told).toEqual([
      'place-order in shop worked 86 ms and published order.placed. Three deliveries followed.',
      'invoicing never reacted to order.placed. invoicing followed 4,120 of the last 4,121',
      'do-payments failed twice with HTTP 503, backed off 2 s and 4.20 s, and recovered on the third attempt.',
      'do-warehouse failed for the first time with HTTP 503.',
      '5 h 59 m 59 s pass. do-warehouse is backing off; nothing else runs.',
      'do-warehouse failed for the third time with HTTP 503.',
      'order.placed went to warehouse.dlq. Nobody consumed or replayed it.',
    ]);
  });

  it('says that nothing stopped where nothing did', () => {
    const { answer } = storyOf(
      new GraphMaker().event('e', 'x', 0, []).delivery('a', 'e', 'succeeded', [[1, 20]]),
    );
    expect(answer.words).toBe('No. All 1 delivery succeeded within 20 ms.');
    expect(answer.tone).toBe('ok');
  });

  it('tells a stack by its numbers', () => {
    const maker = new GraphMaker().step('launch', 0, 1);
    for (let branch = 0; branch < 20; branch++) {
      maker.event(`e${branch}`, 'mail', branch, ['launch']);
      maker.delivery(`d${branch}`, `e${branch}`, branch < 7 ? 'failed' : 'succeeded', [[30, 40]], {
        consumer: 'mailer',
      });
    }
    expect(storyOf(maker).told).toEqual([
      'launch in shop worked 1 ms and published mail 20 times. 20 deliveries followed.',
      'do-mailer took 20 deliveries of mail: 7 failed, 13 succeeded.',
    ]);
  });

  it('tells of nothing at all', () => {
    expect(storyOf(new GraphMaker())).toMatchObject({
      told: [],
      answer: { words: 'Nothing was delivered in this workflow.' },
    });
  });
});

describe('a ticket', () => {
  it('lists every attempt of what went wrong, and nothing in it acts', () => {
    const maker = order();
    maker.delivery('evil', 'placed', 'failed', [[100, 200]], {
      consumer: '[x](javascript:alert(1)) | <img src=x>',
    });
    const text = ticketMarkdown(
      new WorkflowIndex(maker.graph('failed')),
      'http://upshot.example/workflows/order_1',
    );
    expect(text).toContain('### order\\_1: failed');
    expect(text.match(/^\| 3 \|/gm)).toHaveLength(1);
    expect(text).toContain('| failed: HTTP 503 |');
    expect(text).not.toMatch(/(?<!\\)<img/);
    expect(text).not.toMatch(/(?<!\\)\[x\]/);
  });
});
