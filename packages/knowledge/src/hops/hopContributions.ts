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
  const counted = new Set<string>();
  for (const delivery of deliveries) {
    const series = hopSeriesOf(delivery);
    to.add(HOP, series, [...countersOf(delivery), [HopCounter.workflows, counted.has(series) ? 0 : 1]]);
    counted.add(series);
  }
  for (const publish of publishes) {
    to.add(PUBLISH, publishSeriesOf(publish), [
      [PublishCounter.events, 1],
      [PublishCounter.consumed, publish.consumed ? 1 : 0],
      [PublishCounter.continued, publish.continued ? 1 : 0],
      [PublishCounter.contextLost, publish.contextLost ? 1 : 0],
    ]);
  }
}

function countersOf(lesson: DeliveryLesson): [counter: number, by: number][] {
  const counters: [number, number][] = [
    [HopCounter.deliveries, 1],
    [HopCounter.attempts, lesson.attempts],
    [HopCounter.attemptsFailed, lesson.attemptsFailed],
    [HopCounter.namesMissingParent, lesson.namesMissingParent ? 1 : 0],
    [HopCounter.byRecords, lesson.byRecords ? 1 : 0],
    [STATUS_COUNTERS[lesson.status], 1],
  ];
  if (lesson.waitNano !== null) counters.push([durationCounter(HopCounter.wait, lesson.waitNano), 1]);
  if (lesson.workNano !== null) counters.push([durationCounter(HopCounter.work, lesson.workNano), 1]);
  return counters;
}
