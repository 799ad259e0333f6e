import type { DeliveryNode, DeliveryStatus } from '@upshot/model';
import { counted, formatAge, formatCount, formatDuration, nanos } from '../../words/format.js';
import { DELIVERY_STATES, findingState, WORKFLOW_STATES } from '../../words/states.js';
import { deliveryStep } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import { times } from './numbers.js';
import { deliveryWords, eventWords, withError } from './phrases.js';
import type { Sentence, StoryAnswer } from './Story.js';

/** The states that answer “where did it stop”, in the order in which one wants to hear of them. */
const STOPS: readonly DeliveryStatus[] = [
  'dead-lettered',
  'failed',
  'missing',
  'retrying',
  'processing',
  'waiting',
];
/** Of what else did not happen so many are named; the rest is a number. */
const MOST_NAMED = 3;

/** Where it stopped and why; else that it did not, or where it is. */
export function answerOf(index: WorkflowIndex): StoryAnswer {
  const { graph } = index;
  const stops = graph.deliveries
    .filter(({ status }) => STOPS.includes(status))
    .sort(
      (a, b) =>
        STOPS.indexOf(a.status) - STOPS.indexOf(b.status) ||
        onPath(index, b) - onPath(index, a) ||
        index.compare(a.id, b.id),
    );
  const [first, ...others] = stops;
  const tone = WORKFLOW_STATES[graph.status].tone;
  if (!first) {
    const all = graph.deliveries.length;
    return {
      tone,
      question: 'Did it stop?',
      sentence:
        all === 0
          ? ['Nothing was delivered in this workflow.']
          : [
              'No. ',
              { strong: `All ${counted(all, 'delivery', 'deliveries')} succeeded` },
              ` within ${formatDuration(index.end - index.start)}.`,
            ],
      asides: asides(index, [], null),
      node: null,
    };
  }
  return {
    tone: DELIVERY_STATES[first.status].tone,
    question: isTrouble(first) ? 'Where did it stop, and why?' : 'Where is it now?',
    sentence: stopSentence(index, first),
    asides: asides(index, others, first),
    node: first.id,
  };
}

function isTrouble(delivery: DeliveryNode): boolean {
  return STOPS.indexOf(delivery.status) <= STOPS.indexOf('retrying');
}

function onPath(index: WorkflowIndex, delivery: DeliveryNode): number {
  return index.critical.has(delivery.id) || delivery.attempts.some((id) => index.critical.has(id)) ? 1 : 0;
}

function stopSentence(index: WorkflowIndex, delivery: DeliveryNode): Sentence {
  const attempts = index.attempts(delivery);
  const event = index.event(delivery.event);
  const [first, last] = [attempts[0], attempts.at(-1)];
  const over =
    first && last && attempts.length > 1
      ? ` over ${formatDuration(nanos(last.endTimeUnixNano ?? last.startTimeUnixNano) - nanos(first.startTimeUnixNano))}`
      : '';
  const tried: Sentence =
    attempts.length > 0
      ? [
          { strong: delivery.consumer },
          ` tried ${times(attempts.length)}${over} and failed`,
          ...withError(index, delivery),
          '.',
        ]
      : [];
  switch (delivery.status) {
    case 'dead-lettered':
    case 'failed':
      return [
        'It stopped at ',
        deliveryWords(index, delivery),
        '. ',
        ...tried,
        ...letterWords(index, delivery),
      ];
    case 'missing':
      return [
        deliveryWords(index, delivery),
        ' never reacted to ',
        ...(event ? [eventWords(event)] : ['its event']),
        '. ',
        index.findingsOf(delivery.id).find(({ kind }) => kind === 'missing-delivery')?.message ?? '',
      ];
    case 'retrying':
      return [deliveryWords(index, delivery), ' is being retried. ', ...tried];
    default: {
      const since = event ? nanos(event.timeUnixNano) : index.start;
      return [
        deliveryWords(index, delivery),
        delivery.status === 'waiting' ? ' waits for ' : ' works on ',
        ...(event ? [eventWords(event)] : ['its event']),
        `, which was published ${formatAge(since, index.end)} before the last that is known.`.replace(
          ' ago before',
          ' before',
        ),
      ];
    }
  }
}

function letterWords(index: WorkflowIndex, delivery: DeliveryNode): Sentence {
  const from = [delivery.id, ...delivery.attempts];
  const edge = from.flatMap((id) => index.effects(id)).find(({ kind }) => kind === 'dead-lettered');
  const letter = edge ? index.event(edge.to) : undefined;
  if (!letter) return [];
  const isReplayed = index.effects(letter.id).some(({ kind }) => kind === 'replayed');
  return [
    ' The event lies in ',
    { mono: letter.destination ?? 'a dead-letter place' },
    isReplayed ? ', and was replayed.' : ', not replayed.',
  ];
}

function asides(
  index: WorkflowIndex,
  others: readonly DeliveryNode[],
  main: DeliveryNode | null,
): StoryAnswer['asides'] {
  const { graph } = index;
  const list: StoryAnswer['asides'][number][] = [];
  const notDone = others.filter(isTrouble);
  if (notDone.length > 0) {
    list.push({
      title: 'Also did not happen',
      state: DELIVERY_STATES[notDone[0]!.status],
      sentences: [
        ...notDone.slice(0, MOST_NAMED).map((delivery): Sentence => {
          const event = index.event(delivery.event);
          return [
            deliveryWords(index, delivery),
            ` is ${DELIVERY_STATES[delivery.status].word}`,
            ...(event ? [', for ', eventWords(event)] : []),
          ];
        }),
        ...(notDone.length > MOST_NAMED ? [[`and ${formatCount(notDone.length - MOST_NAMED)} more`]] : []),
      ],
    });
  }
  const done = graph.deliveries.filter(({ status }) => status === 'succeeded' || status === 'recovered');
  if (main !== null && graph.deliveries.length > 1) {
    const names = [...new Set(done.map((delivery) => deliveryStep(index, delivery)))];
    const named = names.slice(0, 5).map((name) => name.slice(0, 60));
    list.push({
      title: 'What did work',
      state: DELIVERY_STATES.succeeded,
      sentences: [
        [
          `${formatCount(done.length)} of ${counted(graph.deliveries.length, 'delivery', 'deliveries')}`,
          named.length > 0
            ? `: ${named.join(', ')}${names.length > named.length ? ` and ${names.length - named.length} more` : ''}.`
            : '.',
        ],
      ],
    });
  }
  const like = main ? index.findingsOf(main.id).find(({ alike }) => alike && alike.count > 1) : undefined;
  if (like?.alike) {
    list.push({
      title: 'Not only this one',
      state: findingState(like.kind),
      sentences: [
        [
          `${counted(like.alike.count, 'workflow')} had the same, the first ${formatAge(nanos(like.alike.firstSeenUnixNano), index.end)}.`,
        ],
      ],
    });
  }
  return list;
}
