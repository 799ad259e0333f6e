import type { HopHealth } from '@upshot/model';
import { name, type Part } from '../layout/Part.js';
import type { Style } from '../layout/painter.js';

interface Place {
  readonly producer: string;
  readonly eventName: string;
  readonly destination: string | null;
  readonly consumer?: string;
  readonly environment?: string;
}

const ARROW = ' → ';

/** `checkout-api → order.placed → orders → billing`. A destination that has the event's name is not said twice. */
export function hopParts(hop: Place, style: Style = 'plain'): Part[] {
  const { producer, eventName, destination, consumer, environment } = hop;
  const parts = [
    producer === '' ? name('unknown producer', 'dim') : name(producer, style),
    name(eventName === '' ? 'an event without a name' : eventName, style, ARROW),
  ];
  if (destination !== null && destination !== '' && destination !== eventName)
    parts.push(name(destination, style, ARROW));
  if (consumer !== undefined) parts.push(name(consumer, style, ARROW));
  if (environment !== undefined && environment !== '') parts.push(name(`in ${environment}`, 'dim'));
  return parts;
}

/** Hops of one event stand together, where its first stood. */
export function byEvent(hops: readonly HopHealth[]): HopHealth[][] {
  const groups = new Map<string, HopHealth[]>();
  for (const hop of hops) {
    const key = JSON.stringify([hop.producer, hop.eventName, hop.destination, hop.environment]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [hop]);
    else group.push(hop);
  }
  return [...groups.values()];
}
