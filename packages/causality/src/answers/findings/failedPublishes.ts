import { counted, type Finding } from '@upshot/model';
import type { EventDraft } from '../../graph/nodes.js';
import { type NeverPublished, neverPublished } from '../neverPublished.js';
import { errorsWords } from '../words.js';
import { type Finder, listed } from './Finder.js';
import { likeness } from './likeness.js';

/** Events that their producer could not publish: nobody is to be suspected of not having received them. */
export const failedPublishes: Finder = ({ workflow }) =>
  [...byPlace(neverPublished(workflow.events)).values()].map((items): Finding => {
    const { event } = items[0]!;
    const where = event.destination === null ? '' : ` to ${event.destination}`;
    const times = items.length === 1 ? '' : ` (${counted(items.length, 'time')})`;
    const words = errorsWords(items.map(({ error }) => error));
    const why = words === '' ? '' : ` (${words})`;
    const madeGood = items.every((item) => item.madeGood);
    const fate = madeGood ? 'A later try of it went through.' : 'Nobody can have received it.';
    const producer = event.producer || 'An unknown producer';
    return {
      kind: 'publish-failed',
      severity: madeGood ? 'info' : 'error',
      message: `${producer} could not publish ${nameOf(event)}${where}${times}${why}. ${fate}`,
      about: `${producer} could not publish ${nameOf(event)}${likeness(why)}`,
      nodes: listed(items.map((item) => item.event.id)),
      ...(madeGood
        ? {}
        : {
            fix: `See why ${event.destination ?? 'the broker'} refused it, then publish it again from ${event.producer || 'its producer'}. Where an event must not be lost so, write it with the data that it tells of (an outbox) and let a relay publish it.`,
          }),
    };
  });

/** Of one producer, name and place, and of one fate, they are one finding. */
function byPlace(items: readonly NeverPublished[]): Map<string, NeverPublished[]> {
  const groups = new Map<string, NeverPublished[]>();
  for (const item of items) {
    const { producer, eventName, destination } = item.event;
    const key = JSON.stringify([producer, eventName, destination, item.madeGood]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function nameOf({ eventName }: EventDraft): string {
  return eventName || 'an event';
}
