import type { Checked, CheckedPhase, Field } from '@upshot/conventions';
import type { AttemptDraft, EventDraft, GraphDraftNode } from '../../graph/nodes.js';
import type { MessageRef, Reading } from '../../interpret/Reading.js';
import type { Workflow } from '../Workflow.js';

/** What is held against the rules, and the node at which a violation is shown. */
export interface CheckedNode {
  readonly node: EventDraft | AttemptDraft;
  readonly checked: Checked;
}

/** From this rank on nothing but the service named the consumer (`consumerOf`). */
const RANK_OF_SERVICE = 5;

/**
 * The publishes and attempts of a workflow, each by what it says itself: what another span adds to the event is no merit of this one.
 * An event that only its consumers tell of was sent by nobody that could be told to do better.
 */
export function* checkedIn({ events, deliveries }: Workflow): Generator<CheckedNode> {
  for (const event of events) {
    if (event.reading !== null) yield { node: event, checked: publishOf(event, event.reading) };
  }
  for (const delivery of deliveries) {
    let number = 0;
    for (const attempt of delivery.attempts) {
      number = Math.max(number + 1, attempt.reading.attempt ?? 0);
      yield { node: attempt, checked: attemptOf(attempt, number) };
    }
  }
}

const PHASE_OF_KIND: Readonly<Record<EventDraft['kind'], CheckedPhase>> = {
  event: 'published',
  'dead-letter': 'dead-lettered',
  replay: 'replayed',
};

function publishOf(event: EventDraft, reading: Reading): Checked {
  return {
    ...common(reading, event.message, event.eventName),
    phase: PHASE_OF_KIND[event.kind],
    service: event.producer,
    consumer: '',
    step: null,
    attempt: null,
  };
}

const PHASE_OF_OUTCOME: Readonly<Record<AttemptDraft['outcome'], CheckedPhase>> = {
  running: 'processing',
  succeeded: 'succeeded',
  failed: 'failed',
  skipped: 'skipped',
};

function attemptOf(attempt: AttemptDraft, number: number): Checked {
  const { reading, message, event } = attempt;
  return {
    ...common(reading, message, event.eventName || reading.eventName),
    phase: PHASE_OF_OUTCOME[attempt.outcome],
    service: reading.service,
    consumer: attempt.consumer,
    step: reading.step ?? stepBelow(attempt),
    attempt: number,
  };
}

function common(reading: Reading, message: MessageRef, eventName: string) {
  return {
    eventName,
    states: statesOf(reading, message),
    spanName: reading.stored ? reading.span.name : '',
    places: reading.places,
    attributes: reading.span.attributes.keys(),
    isRecord: !reading.stored,
  };
}

function statesOf(reading: Reading, message: MessageRef): ReadonlySet<Field> {
  const states = new Set<Field>();
  const say = (field: Field, isSaid: boolean): void => {
    if (isSaid) states.add(field);
  };
  say('traceId', reading.span.traceId !== '');
  say('eventId', message.eventId !== null);
  say('eventName', reading.eventTyped && reading.eventName !== '');
  say('correlationId', (message.correlationId ?? reading.correlationId) !== null);
  say('causationId', (message.causationId ?? reading.causationId) !== null);
  say('consumerName', reading.consumer !== '' && reading.consumerRank < RANK_OF_SERVICE);
  say('producer', reading.service !== '');
  say('destination', reading.destination !== null && reading.destination !== '');
  say('step', reading.step !== null);
  say('attempt', reading.attempt !== null);
  return states;
}

/**
 * The business step of an attempt whose own span names but its transport: what an instrumentation's `orders process` holds, if its service
 * opened a span of its own in it. Through steps of the transport, for a middleware may stand between.
 */
function stepBelow(attempt: AttemptDraft): string | null {
  const open: GraphDraftNode[] = [attempt];
  const seen = new Set<GraphDraftNode>(open);
  for (let at = 0; at < open.length && at < MOST_LOOKED_AT; at++) {
    for (const { to, kind } of open[at]!.effects) {
      if (kind !== 'called' || to.type !== 'step' || seen.has(to)) continue;
      if (to.reading.service !== attempt.reading.service) continue;
      if (to.reading.layer === 'business' && !to.transport) return to.reading.step ?? to.reading.span.name;
      seen.add(to);
      open.push(to);
    }
  }
  return null;
}
/** A handler of a thousand calls is not walked through to find a name: it would stand near its beginning. */
const MOST_LOOKED_AT = 64;
