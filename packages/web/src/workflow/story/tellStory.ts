import type { EventNode, StepNode } from '@upshot/model';
import { counted, formatDuration, nanos } from '../../words/format.js';
import type { State } from '../../words/states.js';
import { errorWords } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Card, Scene } from '../scene/Scene.js';
import { findFolds, lengthOf, type Stretch } from '../timeline/findFolds.js';
import { boundsOf, busyStretches } from '../timeline/lanes.js';
import { answerOf } from './answerOf.js';
import { deliveryLines, stackLine } from './deliveryLines.js';
import { spoken } from './numbers.js';
import { deliveryWords, eventWords, publishedWords } from './phrases.js';
import type { Sentence, Story, StoryLine, StoryPause } from './Story.js';

/** What happened, in order, and first of all where it stopped and why. Told from what the API says; nothing is concluded here. */
export function tellStory(index: WorkflowIndex, scene: Scene): Story {
  const busy = busyStretches(index);
  const { from, to } = boundsOf(index, busy);
  const pauses = findFolds(busy, from, to);
  const lines = [
    ...scene.cards.flatMap((card) => linesOf(index, card, pauses)),
    ...pauses.map((pause) => pauseLine(index, pause)),
  ];
  const order = new Map(lines.map((line, at) => [line, at]));
  lines.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : order.get(a)! - order.get(b)!));
  return { answer: answerOf(index), lines };
}

const STEP: State = { tone: 'plain', icon: 'step', word: 'step' };
const FAILED_STEP: State = { tone: 'fail', icon: 'failed', word: 'failed' };
const EVENT: State = { tone: 'plain', icon: 'event', word: 'event' };
const LETTER: State = { tone: 'dead', icon: 'dead-lettered', word: 'dead letter' };
const REPLAY: State = { tone: 'run', icon: 'replay', word: 'replay' };

function linesOf(index: WorkflowIndex, card: Card, pauses: readonly Stretch[]): StoryLine[] {
  switch (card.kind) {
    case 'step':
      return [stepLine(index, card, card.step)];
    case 'delivery':
      return deliveryLines(index, card, pauses);
    case 'stack':
      return [stackLine(index, card)];
    case 'event':
    case 'replay':
    case 'dead-letter':
      return [eventLine(index, card)];
  }
}

function stepLine(index: WorkflowIndex, card: Card, step: StepNode): StoryLine {
  const worked = nanos(step.endTimeUnixNano) - nanos(step.startTimeUnixNano);
  const receivers = card.pills
    .flatMap((pill) => pill.events)
    .reduce((sum, { id }) => sum + index.deliveriesOf(id).length, 0);
  const number = spoken(receivers);
  return {
    kind: 'line',
    id: card.id,
    node: step.id,
    time: nanos(step.startTimeUnixNano),
    state: step.error ? FAILED_STEP : STEP,
    isCritical: card.isCritical,
    strip: [],
    notes: index.findingsOf(step.id),
    sentence: [
      { node: step.id, name: step.step, isEvent: false },
      ' in ',
      { strong: step.service },
      step.error
        ? ` failed after ${formatDuration(worked)} with ${errorWords(step.error).slice(0, 160)}`
        : ` worked ${formatDuration(worked)}`,
      ...publishedWords(card.pills.map((pill) => pill.events as EventNode[])),
      '.',
      receivers > 0
        ? ` ${number.charAt(0).toUpperCase()}${number.slice(1)} ${receivers === 1 ? 'consumer' : 'deliveries'} followed.`
        : '',
    ],
  };
}

function eventLine(
  index: WorkflowIndex,
  card: Card & { kind: 'event' | 'replay' | 'dead-letter' },
): StoryLine {
  const [event] = card.events as [EventNode, ...EventNode[]];
  const many: Sentence = card.events.length > 1 ? [` (${card.events.length} of them)`] : [];
  const place: Sentence = event.destination ? [{ mono: event.destination }] : ['a place that is not known'];
  const receivers = card.events.flatMap(({ id }) => index.deliveriesOf(id));
  const sentence: Sentence =
    card.kind === 'dead-letter'
      ? [eventWords(event), ...many, ' went to ', ...place, '. ', ...fateOf(index, card.events)]
      : card.kind === 'replay'
        ? [eventWords(event), ...many, ' was replayed', ...(event.destination ? [' to ', ...place] : []), '.']
        : [
            eventWords(event),
            ...many,
            event.producer === ''
              ? ' arrived; nobody was seen to publish it'
              : event.error
                ? ` could not be published by ${event.producer}`
                : ` was published by ${event.producer}`,
            receivers.length > 0 ? `, for ${counted(receivers.length, 'delivery', 'deliveries')}.` : '.',
          ];
  return {
    kind: 'line',
    id: card.id,
    node: event.id,
    time: nanos(event.timeUnixNano),
    state: card.kind === 'dead-letter' ? LETTER : card.kind === 'replay' ? REPLAY : EVENT,
    isCritical: card.isCritical,
    strip: [],
    notes: [],
    sentence,
  };
}

function fateOf(index: WorkflowIndex, letters: readonly EventNode[]): Sentence {
  const isReplayed = letters.some(({ id }) => index.effects(id).some(({ kind }) => kind === 'replayed'));
  if (isReplayed) return ['It was replayed.'];
  const [taker] = letters.flatMap(({ id }) => index.deliveriesOf(id));
  return taker
    ? [{ node: taker.id, name: taker.consumer, isEvent: false }, ' took it from there; it was not replayed.']
    : ['Nobody consumed or replayed it.'];
}

function pauseLine(index: WorkflowIndex, pause: Stretch): StoryPause {
  const waiting = index.graph.deliveries.find((delivery) => {
    const attempts = index.attempts(delivery);
    return attempts.some(
      (attempt, at) =>
        at > 0 &&
        nanos(attempt.startTimeUnixNano) >= pause.to &&
        nanos(attempts[at - 1]!.startTimeUnixNano) <= pause.from,
    );
  });
  const inBroker = index.graph.deliveries.find((delivery) => {
    const [first] = index.attempts(delivery);
    return first && nanos(first.startTimeUnixNano) >= pause.to && index.timeOf(delivery.event) <= pause.from;
  });
  const why: Sentence = waiting
    ? [deliveryWords(index, waiting), ' is backing off; nothing else runs.']
    : inBroker
      ? [deliveryWords(index, inBroker), ' has its message waiting in the broker; nothing else runs.']
      : ['Nothing runs.'];
  return {
    kind: 'pause',
    id: `pause:${pause.from}`,
    time: pause.from,
    sentence: [{ strong: `${formatDuration(lengthOf(pause))} pass.` }, ' ', ...why],
  };
}
