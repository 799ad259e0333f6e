import type { AttemptNode, DeliveryNode, EventNode } from '@upshot/model';
import { counted, formatCount, formatDuration, nanos } from '../../words/format.js';
import { DELIVERY_STATES, OUTCOME_STATES } from '../../words/states.js';
import { workOf } from '../model/attemptTimes.js';
import { deliveryStep } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Card } from '../scene/Scene.js';
import { statusCounts } from '../scene/stackGroups.js';
import type { Stretch } from '../timeline/findFolds.js';
import { ordinal, times } from './numbers.js';
import { backOffWords, deliveryWords, eventWords, publishedWords, withError } from './phrases.js';
import type { Sentence, StoryLine } from './Story.js';

/** Longer waits in the broker than this are worth a word. Nanoseconds. */
const NOTABLE_WAIT = 1_000_000_000n;

/** What a delivery did, in one line; in two where a pause lies between its first failure and its end. */
export function deliveryLines(
  index: WorkflowIndex,
  card: Card & { kind: 'delivery' },
  pauses: readonly Stretch[],
): StoryLine[] {
  const { delivery } = card;
  const attempts = index.attempts(delivery);
  const [first] = attempts;
  const last = attempts.at(-1);
  const base = {
    kind: 'line',
    node: delivery.id,
    state: DELIVERY_STATES[delivery.status],
    isCritical: card.isCritical,
    strip: [] as AttemptNode[],
    notes: index.findingsOf(delivery.id).filter(({ kind }) => NOTED.has(kind)),
  } as const;
  if (!first || !last)
    return [
      { ...base, id: delivery.id, time: index.timeOf(delivery.event), sentence: absent(index, delivery) },
    ];

  const published = publishedWords(card.pills.map((pill) => pill.events as EventNode[]));
  const failed = attempts.filter(({ outcome }) => outcome === 'failed').length;
  const begun = nanos(first.startTimeUnixNano);
  const ended = nanos(last.startTimeUnixNano);
  const isParted = attempts.length > 1 && pauses.some(({ from, to }) => from >= begun && to <= ended);
  if (!isParted) {
    const sentence = [
      deliveryWords(index, delivery),
      ...whatHappened(index, delivery, attempts, failed),
      ...published,
      '.',
    ];
    return [{ ...base, id: delivery.id, time: begun, strip: attempts.length > 1 ? attempts : [], sentence }];
  }
  return [
    {
      ...base,
      id: `${delivery.id}#first`,
      node: first.id,
      time: begun,
      state: OUTCOME_STATES[first.outcome],
      notes: [],
      sentence: [
        deliveryWords(index, delivery),
        first.outcome === 'failed' ? ' failed for the first time' : ` ${OUTCOME_STATES[first.outcome].word}`,
        ...withError(index, delivery),
        '.',
      ],
    },
    {
      ...base,
      id: delivery.id,
      time: ended,
      strip: attempts,
      sentence: [
        deliveryWords(index, delivery),
        ...(last.outcome === 'failed'
          ? [` failed for the ${ordinal(attempts.length)} time`, ...withError(index, delivery)]
          : whatHappened(index, delivery, attempts, failed)),
        ...published,
        '.',
      ],
    },
  ];
}

/** Findings that say more than the sentence already does. */
const NOTED = new Set([
  'broken-causality',
  'clock-skew',
  'missing-parent',
  'ambiguous-cause',
  'duplicate-delivery',
]);

function absent(index: WorkflowIndex, delivery: DeliveryNode): Sentence {
  const event = index.event(delivery.event);
  const of = event ? [eventWords(event)] : ['its event'];
  const evidence = index.findingsOf(delivery.id).find(({ kind }) => kind === 'missing-delivery');
  switch (delivery.status) {
    case 'missing':
      return [
        deliveryWords(index, delivery),
        ' never reacted to ',
        ...of,
        '. ',
        ...(evidence ? [evidence.message] : []),
      ];
    case 'dead-lettered':
      return [deliveryWords(index, delivery), ' gave up ', ...of, '; its attempts were not seen.'];
    default:
      return [deliveryWords(index, delivery), ' has not taken ', ...of, ' yet.'];
  }
}

function whatHappened(
  index: WorkflowIndex,
  delivery: DeliveryNode,
  attempts: readonly AttemptNode[],
  failed: number,
): Sentence {
  const last = attempts.at(-1)!;
  const work = workOf(last);
  switch (delivery.status) {
    case 'succeeded': {
      const wait = last.waitNano === null ? 0n : nanos(last.waitNano);
      const after =
        attempts.length === 1 && wait >= NOTABLE_WAIT ? ` after ${formatDuration(wait)} in the broker` : '';
      const again = attempts.length > 1 ? `, and was processed ${times(attempts.length)}` : '';
      return [
        last.outcome === 'skipped'
          ? ' was skipped'
          : ` succeeded in ${formatDuration(work ?? 0n)}${after}${again}`,
      ];
    }
    case 'recovered': {
      const winner = attempts.findIndex(({ outcome }) => outcome === 'succeeded') + 1 || attempts.length;
      return [
        ` failed ${times(failed)}`,
        ...withError(index, delivery),
        ...backOffWords(index, delivery),
        ', and ',
        { strong: `recovered on the ${ordinal(winner)} attempt` },
      ];
    }
    case 'processing':
      return [attempts.length > 1 ? ` is in its ${ordinal(attempts.length)} attempt` : ' is at work'];
    case 'retrying':
      return [` failed ${times(failed)}`, ...withError(index, delivery), ' and will be tried again'];
    case 'failed':
      return [
        ` failed ${times(failed)}`,
        ...withError(index, delivery),
        ...backOffWords(index, delivery),
        failed > 1 ? ', and is not tried again' : '',
      ];
    case 'dead-lettered':
      return [
        ` failed ${times(failed)}`,
        ...withError(index, delivery),
        ...backOffWords(index, delivery),
        ', and was ',
        { strong: 'given up' },
      ];
    default:
      return [` is ${DELIVERY_STATES[delivery.status].word}`];
  }
}

/** What the branches of a stack did: how many of each state. */
export function stackLine(index: WorkflowIndex, card: Card & { kind: 'stack' }): StoryLine {
  const counts = statusCounts(card.deliveries);
  const worst = DELIVERY_STATES[counts[0]![0]];
  const said = counts.map(([status, count]) => `${formatCount(count)} ${DELIVERY_STATES[status].word}`);
  const first = card.deliveries[0]!;
  const of: Sentence = card.event ? [' of ', eventWords(card.event)] : [];
  return {
    kind: 'line',
    id: card.id,
    node: card.id,
    time: index.timeOf(first.id),
    state: worst,
    isCritical: card.isCritical,
    strip: [],
    notes: [],
    sentence: [
      { node: card.id, name: deliveryStep(index, first), isEvent: false },
      ` took ${counted(card.deliveries.length, 'delivery', 'deliveries')}`,
      ...of,
      `: ${said.join(', ')}`,
      ...publishedWords(card.pills.map((pill) => pill.events as EventNode[])),
      '.',
    ],
  };
}
