import type { AttemptNode, DeliveryNode, EventNode, FailureCause, GraphNode, StepNode } from '@upshot/model';
import { counted, formatCount, formatDuration } from '@upshot/model';
import { id, name, type Part, phrase } from '../layout/Part.js';
import { nanos } from '../words/nanos.js';
import {
  DEAD_LETTER_SIGN,
  DELIVERY_SIGNS,
  EVENT_SIGN,
  OUTCOME_SIGNS,
  REPLAY_SIGN,
  type Sign,
  STEP_SIGN,
} from '../words/signs.js';

/** `+61 ms` after the start of the workflow; `−1.18 s` where a clock runs behind. */
export function offset(timeUnixNano: string, start: bigint): string {
  const after = nanos(timeUnixNano) - start;
  return after < 0n ? formatDuration(after) : `+${formatDuration(after)}`;
}

export function eventSign(kind: EventNode['kind']): Sign {
  return kind === 'event' ? EVENT_SIGN : kind === 'replay' ? REPLAY_SIGN : DEAD_LETTER_SIGN;
}

/** Glyph, what it is where that is no plain event, and name. */
export function eventTitle(event: EventNode, times = ''): Part[] {
  const sign = eventSign(event.kind);
  const title = name(
    `${sign.glyph} ${event.kind === 'event' ? '' : `${words(event.kind)} `}`.trimEnd(),
    sign.style,
  );
  return [title, name(event.eventName + times, event.kind === 'dead-letter' ? 'dead' : 'bold', ' ')];
}

function words(kind: 'dead-letter' | 'replay'): string {
  return kind === 'replay' ? 'replay' : 'dead letter';
}

/** What names a node where it is not told of in full. `count`: of how many like ones it is the first. */
export function titleParts(node: GraphNode, count: number): Part[] {
  const times = count > 1 ? ` ×${formatCount(count)}` : '';
  switch (node.type) {
    case 'event':
      return eventTitle(node, times);
    case 'delivery': {
      const sign = DELIVERY_SIGNS[node.status];
      return [name(sign.glyph, sign.style), name(consumerName(node) + times, 'bold', ' ')];
    }
    case 'attempt':
      return [
        name(`${node.number} ${OUTCOME_SIGNS[node.outcome].glyph}`),
        name(node.step + times, 'plain', ' '),
      ];
    case 'step':
      return [name(STEP_SIGN.glyph), name(node.step + times, 'bold', ' ')];
  }
}

export function consumerName(delivery: DeliveryNode): string {
  return delivery.consumer || 'unnamed consumer';
}

/** `→ orders (kafka)`; nothing where no destination is known. */
export function destinationParts(event: EventNode): Part[] {
  const system = event.system ? ` (${event.system})` : '';
  return event.destination ? [name(`→ ${event.destination}${system}`, 'plain', ' ')] : [];
}

export interface EventContext {
  /** When the workflow began. */
  readonly start: bigint;
  /** Whether nothing above it says who published it. */
  readonly root: boolean;
  /** Whether a consumer, a replay or anything else follows it. */
  readonly followed: boolean;
}

export function eventParts(event: EventNode, context: EventContext): Part[] {
  const parts = [...eventTitle(event), ...destinationParts(event)];
  if (context.root && event.producer) parts.push(name(`from ${event.producer}`));
  if (event.kind === 'event' && event.producer === '' && event.spanId === null)
    parts.push(phrase('publish not seen', 'retry'));
  if (event.error) parts.push(phrase(neverPublishedText(event.error), 'fail'));
  parts.push(name(offset(event.timeUnixNano, context.start), 'dim'));
  if (event.kind === 'dead-letter' && !context.followed)
    parts.push(phrase('not consumed, not replayed', 'dead'));
  if (event.kind !== 'event' && event.eventId !== null) parts.push(id(event.eventId));
  return parts;
}

export function neverPublishedText(error: FailureCause): string {
  const text = errorText(error);
  return text === '' ? 'never published' : `never published: ${text}`;
}

/** Step and service; "" for what need not be said. */
export type AttemptNames = Pick<AttemptNode, 'step' | 'service'>;

export interface DeliveryContext {
  readonly now: bigint;
  /** Its event, where that is known. */
  readonly event: EventNode | null;
  /** What all its attempts have in common, and so stands here rather than at each. */
  readonly shared: AttemptNames;
  /** Whether the event is not printed above it. */
  readonly alone: boolean;
  /** What is known of a delivery that never came. */
  readonly evidence: string | null;
}

export function deliveryParts(delivery: DeliveryNode, context: DeliveryContext): Part[] {
  const sign = DELIVERY_SIGNS[delivery.status];
  const { event, shared } = context;
  const consumer = consumerName(delivery);
  const parts = [name(sign.glyph, sign.style)];
  if (shared.step !== '') parts.push(name(shared.step, 'bold', ' '), name(consumer));
  else parts.push(name(consumer, 'bold', ' '));
  if (shared.service !== '') parts.push(name(shared.service));
  parts.push(name(delivery.status, sign.style));
  if (delivery.status === 'waiting' && event) {
    const waiting = context.now - nanos(event.timeUnixNano);
    if (waiting > 0n) parts.push(name(`for ${formatDuration(waiting)}`, 'plain', ' '));
  }
  if (delivery.attempts.length > 1) parts.push(name(counted(delivery.attempts.length, 'attempt')));
  if (context.alone && event) parts.push(event.eventId === null ? name(event.eventName) : id(event.eventId));
  if (context.evidence !== null) parts.push(phrase(context.evidence, 'dim'));
  return parts;
}

export interface AttemptContext {
  readonly now: bigint;
  /** What to name here: "" for what stands above it already. */
  readonly names: AttemptNames;
  /** The outcome of the attempt before; null for the first. */
  readonly before: AttemptNode['outcome'] | null;
}

export function attemptParts(attempt: AttemptNode, context: AttemptContext): Part[] {
  const sign = OUTCOME_SIGNS[attempt.outcome];
  const parts = [name(`${attempt.number} ${sign.glyph}`, sign.style)];
  const add = (text: string): void => {
    parts.push(name(text, 'plain', parts.length === 1 ? ' ' : undefined));
  };
  if (context.names.step !== '') add(context.names.step);
  if (context.names.service !== '') add(context.names.service);
  add(waitWords(attempt, context.before));
  add(workWords(attempt, context.now));
  parts.push(outcomePart(attempt.outcome, sign, attempt.error));
  return parts;
}

function waitWords(attempt: AttemptNode, before: AttemptContext['before']): string {
  if (before === null) {
    return attempt.waitNano === null ? 'wait unknown' : `waited ${formatDuration(nanos(attempt.waitNano))}`;
  }
  if (attempt.waitNano === null) return 'back-off unknown';
  const wait = formatDuration(nanos(attempt.waitNano));
  return before === 'failed' ? `back-off ${wait}` : `${wait} later`;
}

function workWords(attempt: AttemptNode, now: bigint): string {
  const start = nanos(attempt.startTimeUnixNano);
  if (attempt.endTimeUnixNano !== null)
    return `worked ${formatDuration(nanos(attempt.endTimeUnixNano) - start)}`;
  return attempt.outcome === 'running' && now > start
    ? `working for ${formatDuration(now - start)}`
    : 'end unknown';
}

function outcomePart(outcome: string, sign: Sign, error: FailureCause | null): Part {
  const text = error ? errorText(error) : '';
  return phrase(text === '' ? outcome : `${outcome}: ${text}`, sign.style);
}

/** Type and message of an error, each once; a type that says nothing is left out. */
export function errorText({ type, message }: FailureCause): string {
  if (type === '' || message.startsWith(type) || (type === 'Error' && message !== '')) return message;
  return message === '' ? type : `${type}: ${message}`;
}

/** A step; `service` is left out where what stands above names the same. */
export function stepParts(step: StepNode, serviceAbove: string | null): Part[] {
  const parts = titleParts({ type: 'step', ...step }, 1);
  if (step.service && step.service !== serviceAbove) parts.push(name(step.service));
  if (step.layer === 'transport') parts.push(name(`${step.spanKind} span`, 'dim'));
  const worked = nanos(step.endTimeUnixNano) - nanos(step.startTimeUnixNano);
  parts.push(name(`worked ${formatDuration(worked)}`));
  if (step.error) parts.push(outcomePart('failed', OUTCOME_SIGNS.failed, step.error));
  return parts;
}
