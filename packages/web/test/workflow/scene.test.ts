import { describe, expect, it } from 'vitest';
import { WorkflowIndex } from '../../src/workflow/model/WorkflowIndex.js';
import { buildScene } from '../../src/workflow/scene/buildScene.js';
import type { Card, Scene } from '../../src/workflow/scene/Scene.js';
import { stackGroups } from '../../src/workflow/scene/stackGroups.js';
import { GraphMaker } from '../fixtures/graphs.js';

const CLOSED = { brokerSpans: false, open: new Set<string>() };

function sceneOf(maker: GraphMaker, options = CLOSED): Scene {
  return buildScene(new WorkflowIndex(maker.graph()), options);
}

function kinds(scene: Scene): string[] {
  return scene.cards.map(
    (card) => `${card.kind} ${card.kind === 'stack' ? `×${card.deliveries.length}` : card.id}`,
  );
}

function lines(scene: Scene): string[] {
  return scene.edges.map(
    ({ from, pill, to, certainty }) => `${from}${pill ? `/${pill}` : ''} ${certainty} ${to}`,
  );
}

describe('the cards of a workflow', () => {
  it('hold the events that they published, and lines lead from these to the deliveries', () => {
    const maker = new GraphMaker()
      .step('place', 0, 80)
      .event('e1', 'order.placed', 60, ['place'])
      .delivery('stock', 'e1', 'succeeded', [[70, 100]])
      .event('e2', 'stock.reserved', 90, ['stock#1'])
      .delivery('ship', 'e2', 'succeeded', [[110, 120]]);
    const scene = sceneOf(maker);
    expect(kinds(scene)).toEqual(['step place', 'delivery stock', 'delivery ship']);
    expect(scene.cards.map(({ pills }) => pills.map(({ name }) => name))).toEqual([
      ['order.placed'],
      ['stock.reserved'],
      [],
    ]);
    expect(lines(scene)).toEqual(['place/e1 declared stock', 'stock/e2 declared ship']);
    expect(scene.cardOf.get('stock#1')).toBe('stock');
    expect(scene.cardOf.get('e2')).toBe('stock');
  });

  it('let an event stand alone whose publisher was not seen, or of which there may be several', () => {
    const maker = new GraphMaker()
      .event('unseen', 'order.placed', 0, [])
      .delivery('a', 'unseen', 'succeeded', [[10, 20]])
      .delivery('b', 'unseen', 'succeeded', [[10, 20]])
      .event('shared', 'order.ready', 30, ['a#1', 'b#1'])
      .delivery('c', 'shared', 'succeeded', [[40, 50]]);
    const scene = sceneOf(maker);
    expect(kinds(scene)).toEqual(['event unseen', 'delivery a', 'event shared', 'delivery c', 'delivery b']);
    expect(lines(scene)).toContain('a declared shared');
    expect(lines(scene)).toContain('b declared shared');
  });

  it('give dead letters and replays cards of their own', () => {
    const maker = new GraphMaker()
      .event('e', 'order.placed', 0, [])
      .delivery('bill', 'e', 'dead-lettered', [[10, 20]])
      .event('dead', 'order.placed', 30, ['bill#1'], { kind: 'dead-letter', destination: 'dlq' })
      .event('again', 'order.placed', 40, ['dead'], { kind: 'replay' })
      .delivery('rebill', 'again', 'succeeded', [[50, 60]]);
    expect(kinds(sceneOf(maker))).toEqual([
      'event e',
      'delivery bill',
      'dead-letter dead',
      'replay again',
      'delivery rebill',
    ]);
  });

  it('draw what is missing as a ghost, with its line', () => {
    const maker = new GraphMaker().event('e', 'paid', 0, []).delivery('invoice', 'e', 'missing');
    const scene = sceneOf(maker);
    expect(scene.edges.map(({ isGhost, words }) => [isGhost, words])).toEqual([[true, null]]);
  });

  it('dash a line only where the API finds the causality broken, and dot one that is guessed', () => {
    const ids = { evidence: ['event-id'] as const };
    const maker = new GraphMaker()
      .event('e', 'paid', 0, [])
      .delivery('record', 'e', 'succeeded', [[1, 2]], { cause: { ...ids } })
      .delivery('lost', 'e', 'succeeded', [[3, 4]], { cause: { ...ids } })
      .delivery('guess', 'e', 'succeeded', [[5, 6]], { cause: { evidence: ['inferred'], confidence: 0.6 } })
      .finding('broken-causality', 'lost started a new trace', ['lost']);
    const said = sceneOf(maker).edges.map(({ to, certainty, words }) => [to, certainty, words]);
    expect(said).toEqual([
      ['record', 'declared', null],
      ['lost', 'stitched', 'joined by message ID'],
      ['guess', 'guessed', 'guessed, 60 %'],
    ]);
  });

  it('show business steps within, and transport spans where they are asked for', () => {
    const maker = new GraphMaker()
      .step('root', 0, 100)
      .step('charge', 10, 50, { parent: 'root' })
      .step('POST', 20, 30, { parent: 'charge', layer: 'transport' })
      .step('log', 25, 5, { parent: 'POST' });
    const rows = (brokerSpans: boolean) =>
      sceneOf(maker, { ...CLOSED, brokerSpans }).cards[0]!.rows.map(
        ({ step, depth }) => `${depth} ${step.id}`,
      );
    expect(rows(false)).toEqual(['0 charge', '1 log']);
    expect(rows(true)).toEqual(['0 charge', '1 POST', '2 log']);
  });

  it('end with any graph: circles, causes that are not there, deliveries without an event', () => {
    const maker = new GraphMaker()
      .event('a', 'x', 0, ['d#1'])
      .delivery('d', 'a', 'succeeded', [[1, 2]])
      .event('b', 'y', 3, ['a', 'nowhere'])
      .delivery('orphan', 'gone', 'waiting')
      .cause('b', 'a');
    const scene = sceneOf(maker);
    expect([...scene.cards.map(({ id }) => id)].sort()).toEqual(['a', 'b', 'd', 'orphan']);
  });
});

/** A fan-out of one event for each of many branches of one consumer. */
function fanOut(statuses: readonly ('succeeded' | 'failed' | 'recovered')[]): GraphMaker {
  const maker = new GraphMaker().step('launch', 0, 10);
  statuses.forEach((status, branch) => {
    maker.event(`e${branch}`, 'mail.requested', 10 + branch, ['launch']);
    const attempts =
      status === 'recovered'
        ? [
            [100, 110],
            [200, 210],
          ]
        : [[100 + branch, 110 + branch]];
    maker.delivery(`d${branch}`, `e${branch}`, status, attempts as [number, number][], {
      consumer: 'mailer',
    });
  });
  return maker;
}

describe('like branches', () => {
  it('are one stack and one pill from seven on', () => {
    expect(kinds(sceneOf(fanOut(Array(6).fill('succeeded'))))).toHaveLength(7);
    const scene = sceneOf(fanOut(Array(7).fill('succeeded')));
    expect(kinds(scene)).toEqual(['step launch', 'stack ×7']);
    expect(scene.cards[0]!.pills.map(({ events }) => events.length)).toEqual([7]);
    expect(scene.edges).toHaveLength(1);
    expect(scene.edges[0]!.causes).toHaveLength(7);
  });

  it('stay out of the stack up to five in trouble, and become its groups beyond', () => {
    const few = [...Array(5).fill('failed'), ...Array(20).fill('succeeded')];
    expect(kinds(sceneOf(fanOut(few))).filter((kind) => kind.startsWith('delivery'))).toHaveLength(5);
    const many = [...Array(6).fill('failed'), ...Array(20).fill('succeeded')];
    expect(kinds(sceneOf(fanOut(many)))).toEqual(['step launch', 'stack ×26']);
  });

  it('are grouped by state and error, the worst first', () => {
    const maker = fanOut([...Array(3).fill('succeeded'), 'recovered', ...Array(8).fill('failed')]);
    const index = new WorkflowIndex(maker.graph());
    const stack = buildScene(index, CLOSED).cards.find(
      (card): card is Card & { kind: 'stack' } => card.kind === 'stack',
    )!;
    expect(
      stackGroups(index, stack.deliveries).map(({ status, error, deliveries }) => [
        status,
        error,
        deliveries.length,
      ]),
    ).toEqual([
      ['failed', 'HTTP 503', 8],
      ['recovered', null, 1],
      ['succeeded', null, 3],
    ]);
  });

  it('stack what they led to as well: a thousand chains are one', () => {
    const maker = fanOut(Array(1000).fill('succeeded'));
    for (let branch = 0; branch < 1000; branch++) {
      maker.event(`f${branch}`, 'mail.sent', 2000 + branch, [`d${branch}#1`]);
      maker.delivery(`g${branch}`, `f${branch}`, 'succeeded', [[4000 + branch, 4001 + branch]], {
        consumer: 'audit',
      });
    }
    const scene = sceneOf(maker);
    expect(kinds(scene)).toEqual(['step launch', 'stack ×1000', 'stack ×1000']);
    expect(lines(scene)).toHaveLength(2);
  });
});
