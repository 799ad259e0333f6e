import type { AttemptNode, DeliveryNode, DeliveryStatus, EventNode, StepNode } from '@upshot/model';
import { counted, formatCount, formatDuration } from '@upshot/model';
import { name, type Part, phrase } from '../layout/Part.js';
import { nanos } from '../words/nanos.js';
import { DELIVERY_SIGNS, STEP_SIGN } from '../words/signs.js';
import { consumerName, destinationParts, eventTitle, neverPublishedText, offset } from './nodeParts.js';

/** The states, worst first. */
const STATUSES = Object.keys(DELIVERY_SIGNS) as DeliveryStatus[];

/** Branches in these states are told one by one before the rest of their stack. */
export const TROUBLED: readonly DeliveryStatus[] = ['failed', 'dead-lettered', 'missing', 'retrying'];

/** `◆ email.requested ×9,826 → emails (rabbitmq) · +1.2 s to +42 s`. At least one event. */
export function eventStackParts(events: readonly EventNode[], start: bigint): Part[] {
  const [first, last] = [events[0]!, events.at(-1)!];
  const from = offset(first.timeUnixNano, start);
  const to = offset(last.timeUnixNano, start);
  return [
    ...eventTitle(first, times(events.length)),
    ...destinationParts(first),
    name(from === to ? from : `${from} to ${to}`, 'dim'),
    ...(first.error ? [phrase(neverPublishedText(first.error), 'fail')] : []),
  ];
}

/** `✗ send-email ×9,826 · mailer · ×14 failed · ×9,812 succeeded`. `step`: what all have in common, or "". At least one delivery. */
export function deliveryStackParts(deliveries: readonly DeliveryNode[], step: string): Part[] {
  const states = countStates(deliveries);
  const consumer = consumerName(deliveries[0]!);
  const worst = DELIVERY_SIGNS[states[0]![0]];
  return [
    name(worst.glyph, worst.style),
    name((step || consumer) + times(deliveries.length), 'bold', ' '),
    ...(step ? [name(consumer)] : []),
    ...states.map(([status, count]) =>
      name(`×${formatCount(count)} ${status}`, DELIVERY_SIGNS[status].style),
    ),
  ];
}

/** `▸ charge-card ×50 · payments · 3 failed · worked 2 ms to 80 ms`. At least one step. */
export function stepStackParts(steps: readonly StepNode[], serviceAbove: string | null): Part[] {
  const { step, service } = steps[0]!;
  const failed = steps.filter(({ error }) => error !== null).length;
  const parts = [name(STEP_SIGN.glyph), name(step + times(steps.length), 'bold', ' ')];
  if (service && service !== serviceAbove) parts.push(name(service));
  if (failed > 0) parts.push(name(`×${formatCount(failed)} failed`, 'fail'));
  parts.push(name(`worked ${range(steps.map(workOf))}`));
  return parts;
}

/** `and 9 more: ×7 failed, ×2 retrying`. */
export function furtherParts(deliveries: readonly DeliveryNode[]): Part[] {
  const states = countStates(deliveries).map(([status, count]) => `×${formatCount(count)} ${status}`);
  return [name(`and ${formatCount(deliveries.length)} more: ${states.join(', ')}`)];
}

/** `11,569 attempts of the others, 1,757 failed · worked 12 ms to 2.10 s`. At least one attempt. */
export function attemptsParts(attempts: readonly AttemptNode[], whose = ''): Part[] {
  const failed = attempts.filter(({ outcome }) => outcome === 'failed').length;
  const parts = [
    name(counted(attempts.length, 'attempt') + whose + (failed > 0 ? `, ${formatCount(failed)} failed` : '')),
  ];
  const ended = attempts.flatMap(({ startTimeUnixNano, endTimeUnixNano }) =>
    endTimeUnixNano === null ? [] : [workOf({ startTimeUnixNano, endTimeUnixNano })],
  );
  if (ended.length > 0) parts.push(name(`worked ${range(ended)}`));
  return parts;
}

function times(count: number): string {
  return ` ×${formatCount(count)}`;
}

function countStates(deliveries: readonly DeliveryNode[]): [DeliveryStatus, number][] {
  const counts = new Map<DeliveryStatus, number>();
  for (const { status } of deliveries) counts.set(status, (counts.get(status) ?? 0) + 1);
  return STATUSES.flatMap((status) => (counts.has(status) ? [[status, counts.get(status)!]] : []));
}

function workOf(node: { startTimeUnixNano: string; endTimeUnixNano: string }): bigint {
  return nanos(node.endTimeUnixNano) - nanos(node.startTimeUnixNano);
}

function range(values: readonly bigint[]): string {
  let [least, most] = [values[0]!, values[0]!];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const [from, to] = [formatDuration(least), formatDuration(most)];
  return from === to ? from : `${from} to ${to}`;
}
