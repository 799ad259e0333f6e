import { counted, type Finding, formatDuration } from '@upshot/model';
import type { DeliveryDraft } from '../../graph/nodes.js';
import { publishError } from '../neverPublished.js';
import { errorsWords, listWords } from '../words.js';
import { byHop, type Finder, hopOf, listed } from './Finder.js';

/** Consumers that should have reacted to an event by now, and did not. */
export const missingDeliveries: Finder = ({ workflow, statuses, checker, nowUnixNano }) => {
  const missing = workflow.deliveries.filter((delivery) => statuses.get(delivery) === 'missing');
  return [...byHop(missing, (delivery) => hopOf(delivery.event, delivery.consumer)).values()].map(
    ({ hop, items }): Finding => {
      const first = items[0]!;
      const within = formatDuration(first.expected!.withinNano);
      const since = formatDuration(nowUnixNano - first.event.time);
      const times = items.length === 1 ? '' : ` (${counted(items.length, 'event')})`;
      return {
        kind: 'missing-delivery',
        severity: checker?.severityOf('expectedConsumers') ?? 'error',
        message: `${hop.consumer} has not received ${hop.eventName}${times}: it is declared to follow within ${within}, and ${since} have passed.${reasonWords(first)}`,
        about: `${hop.consumer} has not received ${hop.eventName}`,
        nodes: listed(items.flatMap(({ id, event }) => [id, event.id])),
        hop,
        fix: isPublished(first)
          ? `See whether ${hop.consumer} runs and is bound to ${hop.destination ?? `what carries ${hop.eventName}`}, and whether its telemetry comes here. If it is known by another name, declare that one.`
          : `See why ${hop.destination ?? 'the broker'} refused it, then publish it again from ${hop.producer || 'its producer'}.`,
      };
    },
  );
};

function isPublished({ event }: DeliveryDraft): boolean {
  return publishError(event) === null;
}

/** That it was never published; else who did receive it: a misspelt expectation shows there. */
function reasonWords({ event }: DeliveryDraft): string {
  const error = publishError(event);
  if (error !== null) {
    const why = errorsWords([error]);
    return ` ${event.producer || 'Its producer'} could not publish it${why === '' ? '' : ` (${why})`}.`;
  }
  const consumers = event.deliveries.map(({ consumer }) => consumer).filter((consumer) => consumer !== '');
  if (consumers.length === 0) return ' Nobody has received it.';
  return ` ${listWords([...new Set(consumers)].sort())} received it.`;
}
