import type { DeliveryLesson, Lesson } from '@upshot/causality';
import type { DeliveryStatus } from '@upshot/model';
import type { Contributions } from '../tallies/Contribution.js';
import { durationCounter } from '../tallies/durations.js';
import { HOP, HopCounter, hopSeriesOf, PUBLISH, PublishCounter, publishSeriesOf } from './hopSeries.js';

const STATUS_COUNTERS: Readonly<Record<DeliveryStatus, number>> = {
  succeeded: HopCounter.succeeded,
  recovered: HopCounter.recovered,
  failed: HopCounter.failed,
  'dead-lettered': HopCounter.deadLettered,
  retrying: HopCounter.retrying,
  waiting: HopCounter.open,
  processing: HopCounter.open,
  missing: HopCounter.open,
};

/** What a workflow adds to the hops it went through, and to the publishes that began them. */
export function addHops({ deliveries, publishes }: Lesson, to: Contributions): void {
  for (const delivery of deliveries) addDelivery(delivery, to);
  for (const publish of publishes) {
    const { entry } = to.of(PUBLISH, publishSeriesOf(publish));
    entry.grow(PublishCounter.events, 1);
    entry.grow(PublishCounter.consumed, publish.consumed ? 1 : 0);
    entry.grow(PublishCounter.continued, publish.continued ? 1 : 0);
    entry.grow(PublishCounter.contextLost, publish.contextLost ? 1 : 0);
  }
}

function addDelivery(lesson: DeliveryLesson, to: Contributions): void {
  const { entry, isNew } = to.of(HOP, hopSeriesOf(lesson));
  entry.grow(HopCounter.deliveries, 1);
  entry.grow(HopCounter.attempts, lesson.attempts);
  entry.grow(HopCounter.attemptsFailed, lesson.attemptsFailed);
  entry.grow(HopCounter.namesMissingParent, lesson.namesMissingParent ? 1 : 0);
  entry.grow(HopCounter.byRecords, lesson.byRecords ? 1 : 0);
  entry.grow(STATUS_COUNTERS[lesson.status], 1);
  if (lesson.waitNano !== null) entry.grow(durationCounter(HopCounter.wait, lesson.waitNano), 1);
  if (lesson.workNano !== null) entry.grow(durationCounter(HopCounter.work, lesson.workNano), 1);
  entry.grow(HopCounter.workflows, isNew ? 1 : 0);
}
