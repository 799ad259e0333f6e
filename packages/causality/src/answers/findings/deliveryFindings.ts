import { counted, type Finding, formatDuration } from '@upshot/model';
import { hadMessageAt } from '../../graph/Draft.js';
import type { DeliveryDraft } from '../../graph/nodes.js';
import { healedDeliveries } from '../statuses.js';
import { stepName } from '../toNodes.js';
import type { Workflow } from '../Workflow.js';
import { errorsWords } from '../words.js';
import { byHop, type Finder, hopOf, listed } from './Finder.js';
import { likeness } from './likeness.js';

/** Events that a consumer gave up, each where it lies and whether it was replayed. */
export const deadLetters: Finder = ({ workflow, statuses }) => {
  const given = workflow.deliveries.filter(({ deadLettered }) => deadLettered);
  const healed = healedDeliveries(statuses);
  return [...byHop(given, (delivery) => hopOf(delivery.event, delivery.consumer)).values()].map(
    ({ hop, items }): Finding => {
      const first = items[0]!;
      const letter = letterOf(first);
      const where = letter?.destination ? ` It lies in ${letter.destination}.` : '';
      const isHealed = items.every((item) => healed.has(item));
      const fate = isHealed
        ? ' It was replayed and succeeded.'
        : wasReplayed(workflow, first)
          ? ' It was replayed.'
          : ' It was not replayed.';
      return {
        kind: 'dead-letter',
        severity: isHealed ? 'info' : 'error',
        message: `${hop.consumer} gave up ${hop.eventName}${first.attempts.length === 0 ? '' : ` after ${counted(first.attempts.length, 'attempt')}`}${items.length > 1 ? `, ${items.length} times` : ''}${causeWords(first)}.${where}${fate}`,
        nodes: listed(items.flatMap((item) => [item.id, ...lettersOf(item)])),
        hop,
        about: `${hop.consumer} gives up ${hop.eventName}${likeness(causeWords(first))}`,
        ...(isHealed
          ? {}
          : {
              fix: `Mend the cause in ${hop.consumer}, then replay the message${letter?.destination ? ` from ${letter.destination}` : ''}.`,
            }),
      };
    },
  );
};

/** Branches whose tries all failed, and none follows. */
export const exhaustedRetries: Finder = ({ workflow, statuses }) => {
  const healed = healedDeliveries(statuses);
  return workflow.deliveries
    .filter((delivery) => {
      const status = statuses.get(delivery);
      if ((status !== 'failed' && status !== 'dead-lettered') || healed.has(delivery)) return false;
      return delivery.attempts.filter(({ outcome }) => outcome === 'failed').length > 1;
    })
    .map((delivery) => ({
      kind: 'retries-exhausted',
      severity: 'error',
      message: `${stepName(delivery.attempts.at(-1)!)} was tried ${counted(delivery.attempts.length, 'time')} in vain${wasReplayed(workflow, delivery) ? '' : ' and is not tried again'}${causeWords(delivery)}.`,
      nodes: [delivery.id, delivery.attempts.at(-1)!.id],
      about: `${stepName(delivery.attempts.at(-1)!)} is tried in vain${likeness(causeWords(delivery))}`,
    }));
};

/** Whether the event of a delivery was sent again after it, or another one's, had been given up. */
function wasReplayed({ events }: Workflow, { event }: DeliveryDraft): boolean {
  return events.some(({ kind, origin }) => kind === 'replay' && origin === event);
}

/** Branches that succeeded after failures. */
export const recoveries: Finder = ({ workflow, statuses }) =>
  workflow.deliveries
    .filter((delivery) => statuses.get(delivery) === 'recovered')
    .map((delivery) => ({
      kind: 'recovered',
      severity: 'info',
      message: `${stepName(delivery.attempts.at(-1)!)} recovered after ${counted(failedBefore(delivery), 'failed attempt')}${causeWords(delivery)}.`,
      nodes: [delivery.id],
      about: `${stepName(delivery.attempts.at(-1)!)} recovers${likeness(causeWords(delivery))}`,
    }));

/** Attempts at what had already succeeded: the same event processed twice. */
export const duplicateDeliveries: Finder = ({ workflow }) =>
  workflow.deliveries.flatMap((delivery): Finding[] => {
    const success = delivery.attempts.findIndex(({ outcome }) => outcome === 'succeeded');
    if (success < 0) return [];
    const again = delivery.attempts.slice(success + 1).filter(({ outcome }) => outcome !== 'skipped');
    if (again.length === 0) return [];
    return [
      {
        kind: 'duplicate-delivery',
        severity: 'warning',
        message: `${delivery.consumer} processed ${delivery.event.eventName} again after it had succeeded (${counted(again.length, 'time')}).`,
        nodes: [delivery.id, ...listed(again.map(({ id }) => id))],
        about: `${delivery.consumer} processes ${delivery.event.eventName} again after it had succeeded`,
        fix: `Make ${delivery.consumer} idempotent: remember the event IDs that it has handled, and acknowledge after the work is done.`,
      },
    ];
  });

/** Consumers that began before their event was published, by the clocks. */
export const clockSkews: Finder = ({ workflow }) => {
  const skewed = workflow.deliveries.flatMap((delivery) => {
    const first = delivery.attempts[0];
    if (first === undefined || delivery.event.unseen !== null || !first.reading.stored) return [];
    const early = delivery.event.time - hadMessageAt(first);
    return early > TOLERATED_SKEW_NANO ? [{ delivery, early }] : [];
  });
  return [...byHop(skewed, ({ delivery }) => hopOf(delivery.event, delivery.consumer)).values()].map(
    ({ hop, items }) => {
      const most = items.reduce((a, b) => (b.early > a.early ? b : a));
      return {
        kind: 'clock-skew' as const,
        severity: 'warning' as const,
        message: `${hop.consumer} seems to have begun ${formatDuration(most.early)} before ${hop.producer || 'the producer'} published ${hop.eventName}: their clocks differ by at least that.`,
        nodes: listed(items.map(({ delivery }) => delivery.id)),
        about: `The clocks of ${hop.producer || 'the producer'} and ${hop.consumer} differ`,
        fix: `Synchronise the clocks of ${hop.producer || 'the producer'} and ${hop.consumer} (NTP). Times are shown as they were reported.`,
      };
    },
  );
};

/** Start times are often cut to the millisecond. */
const TOLERATED_SKEW_NANO = 1_000_000n;

function failedBefore(delivery: DeliveryDraft): number {
  const success = delivery.attempts.findIndex(({ outcome }) => outcome === 'succeeded');
  return delivery.attempts
    .slice(0, success < 0 ? undefined : success)
    .filter(({ outcome }) => outcome === 'failed').length;
}

function causeWords(delivery: DeliveryDraft): string {
  const words = errorsWords(delivery.attempts.map(({ error }) => error));
  return words === '' ? '' : ` (${words})`;
}

function letterOf(delivery: DeliveryDraft) {
  for (const { effects } of [...delivery.attempts, delivery]) {
    for (const { to } of effects) if (to.type === 'event' && to.kind === 'dead-letter') return to;
  }
  return null;
}

function lettersOf(delivery: DeliveryDraft): string[] {
  const letter = letterOf(delivery);
  return letter === null ? [] : [letter.id];
}
