import { counted, formatAge, formatCount, formatDuration, type Topology } from '@upshot/model';
import { name, type Part, prose } from '../layout/Part.js';
import type { Style } from '../layout/painter.js';
import { Sheet } from '../layout/Sheet.js';
import { formatTimestamp } from '../words/formatClock.js';
import { formatRate } from '../words/formatRate.js';
import { nanos } from '../words/nanos.js';
import { DELIVERY_SIGNS, EVENT_SIGN } from '../words/signs.js';
import type { FleetOptions } from './renderPropagation.js';

type Event = Topology['events'][number];
type Consumer = Event['consumers'][number];

/** Names of one sort that are told of an event or consumer; the rest is counted. */
const TOLD_NAMES = 8;

/** Which events go to whom, as text: each event with who publishes it and who consumes it, how many, how well and how fast. */
export function renderTopology(topology: Topology, options: FleetOptions): string {
  const sheet = new Sheet(options);
  const { events } = topology;
  const at = nanos(topology.asOf);
  if (events.length === 0) {
    sheet.put([prose(`No event is known as of ${formatTimestamp(at)}.`)]);
    return sheet.toString();
  }
  const consumers = new Set(events.flatMap((event) => event.consumers.map(({ consumer }) => consumer)));
  sheet.put([
    name(counted(events.length, 'event'), 'bold'),
    name(counted(consumers.size, 'consumer')),
    name(`as of ${formatTimestamp(at)} (${formatAge(at, options.nowUnixNano)})`, 'dim'),
  ]);
  for (const event of events) {
    sheet.blank();
    eventLines(event, sheet);
  }
  return sheet.toString();
}

function eventLines(event: Event, sheet: Sheet): void {
  const { eventName, environment, published, rate, producers, destinations, systems, consumers } = event;
  sheet.put([
    name(EVENT_SIGN.glyph),
    name(eventName === '' ? 'an event without a name' : eventName, 'bold', ' '),
    ...(environment === '' ? [] : [name(`in ${environment}`, 'dim')]),
    name(`${formatCount(published)} published`),
    name(formatRate(rate)),
  ]);
  sheet.put([name('←', 'dim'), ...namesOf(producers, 'an unknown producer')], 2);
  const carried = destinations.filter((destination) => destination !== '');
  if (carried.length > 0 || systems.length > 0)
    sheet.put(
      [
        name('by', 'dim'),
        ...namesOf(carried, 'a destination without a name'),
        ...(systems.length === 0 ? [] : [name(`(${systems.join(', ')})`, 'dim', ' ')]),
      ],
      4,
    );
  for (const consumer of consumers) consumerLines(consumer, sheet);
  if (consumers.length === 0)
    sheet.put([name('→', 'dim'), name('nobody was seen to consume it', 'dim', ' ')], 2);
}

function consumerLines(consumer: Consumer, sheet: Sheet): void {
  const { deliveries, rate, failed, deadLettered, recovered, attempts, attemptsFailed } = consumer;
  sheet.put(
    [
      name('→', 'dim'),
      name(consumer.consumer, 'bold', ' '),
      name(counted(deliveries, 'delivery', 'deliveries')),
      name(formatRate(rate)),
      ...counts(failed - deadLettered, 'failed', DELIVERY_SIGNS.failed),
      ...counts(deadLettered, 'dead-lettered', DELIVERY_SIGNS['dead-lettered']),
      ...counts(recovered, 'recovered', DELIVERY_SIGNS.recovered),
      ...(attempts === deliveries && attemptsFailed === 0
        ? []
        : [name(`${counted(attempts, 'attempt')}, ${formatCount(attemptsFailed)} failed`)]),
    ],
    2,
  );
  sheet.put([...quantiles('waited', consumer.waitNano), ...quantiles('worked', consumer.workNano)], 4);
  const steps = consumer.steps.filter((step) => step !== '' && step !== consumer.consumer);
  if (steps.length > 0)
    sheet.put([name(steps.length === 1 ? 'step' : 'steps', 'dim'), ...namesOf(steps, '')], 4);
}

function counts(count: number, word: string, { glyph, style }: { glyph: string; style: Style }): Part[] {
  return count > 0 ? [name(`${glyph} ${formatCount(count)} ${word}`, style)] : [];
}

function quantiles(word: string, { p50, p99 }: Consumer['waitNano']): Part[] {
  if (p50 === null || p99 === null) return [];
  const [half, most] = [p50, p99].map((text) => formatDuration(nanos(text)));
  return [name(`${word} p50 ${half}, p99 ${most}`)];
}

function namesOf(names: readonly string[], none: string): Part[] {
  if (names.length === 0) return none === '' ? [] : [name(none, 'dim', ' ')];
  const told = names
    .slice(0, TOLD_NAMES)
    .map((one, at) => name(one === '' ? none : one, 'plain', at === 0 ? ' ' : ', '));
  const more = names.length - told.length;
  return more > 0 ? [...told, name(`and ${formatCount(more)} more`, 'dim', ' ')] : told;
}
