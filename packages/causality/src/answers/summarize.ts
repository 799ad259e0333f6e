import { counted, type DeliveryStatus, formatAge, formatDuration, type WorkflowStatus } from '@upshot/model';
import { endOf, startOf } from '../graph/Draft.js';
import type { DeliveryDraft } from '../graph/nodes.js';
import { type NeverPublished, neverPublished, publishError } from './neverPublished.js';
import { stepName } from './toNodes.js';
import type { Workflow } from './Workflow.js';
import { errorsWords, listWords, ordinal } from './words.js';

/** What an operator would read out: where it stopped and why, what is under way, what recovered, what is done. One or two sentences. */
export function summarize(
  workflow: Workflow,
  status: WorkflowStatus,
  statuses: ReadonlyMap<DeliveryDraft, DeliveryStatus>,
  startTimeUnixNano: bigint,
  endTimeUnixNano: bigint,
  nowUnixNano: bigint,
): string {
  const inState = (...wanted: DeliveryStatus[]) =>
    workflow.deliveries.filter(
      (delivery) => delivery.event.kind !== 'dead-letter' && wanted.includes(statuses.get(delivery)!),
    );
  const stopped = inState('dead-lettered', 'failed');
  const retrying = inState('retrying');
  const running = inState('processing');
  const recovered = inState('recovered');
  const done = inState('succeeded');
  const unpublished = neverPublished(workflow.events).filter(({ lost }) => lost);
  const clauses: string[] = [];
  const subject = workflow.key;

  if (unpublished.length > 0) {
    const words = unpublishedWords(unpublished, nowUnixNano);
    clauses.push(stopped.length > 0 ? words : `${subject} stopped: ${words}`);
  }
  if (status === 'failed' && stopped.length > 0) {
    clauses.push(`${subject} stopped at ${stopWords(stopped, statuses, nowUnixNano)}`);
  } else if (stopped.length > 0) {
    clauses.push(`${subject} was replayed after ${nameOf(stopped[0]!)} had been given up`);
  }
  for (const delivery of retrying.slice(0, 2)) {
    const words = `${nameOf(delivery)} is being retried: ${failureWords(delivery, nowUnixNano)}`;
    clauses.push(clauses.length === 0 ? `${subject} is not done: ${words}` : words);
  }
  if (running.length > 0) {
    const since = formatAge(startOf(running[0]!.attempts.at(-1)!), nowUnixNano);
    const words = `${listWords(unique(running.map(nameOf)))} ${running.length === 1 ? 'is' : 'are'} being processed, begun ${since}`;
    clauses.push(clauses.length === 0 ? `${subject} is under way: ${words}` : words);
  }
  const missing = inState('missing');
  if (missing.length > 0) {
    const words = missingWords(missing, nowUnixNano);
    clauses.push(clauses.length === 0 && status === 'stuck' ? `${subject} is stuck: ${words}` : words);
  }
  const waiting = inState('waiting');
  if (waiting.length > 0) {
    const words = waitingWords(waiting);
    clauses.push(clauses.length === 0 ? `${subject} is under way: ${words}` : words);
  }
  if (clauses.length === 0 && (status === 'in-progress' || status === 'stuck'))
    clauses.push(`${subject} is under way`);
  const opening = clauses.length === 0;
  if (recovered.length > 0) {
    const words = recovered
      .slice(0, 3)
      .map((delivery) => `${nameOf(delivery)} recovered on its ${ordinal(attemptsTo(delivery))} attempt`);
    clauses.push(
      recovered.length > 3
        ? `${words.join(', ')} and ${recovered.length - 3} more recovered`
        : words.join(', '),
    );
  }
  if (done.length > 0) {
    const names = unique(done.map(nameOf));
    clauses.push(`${listWords(names)} ${names.length === 1 ? 'is' : 'are'} done`);
  }
  if (!opening) return sentence(clauses);
  const took = ` in ${formatDuration(endTimeUnixNano - startTimeUnixNano)}`;
  if (clauses.length > 0)
    return sentence([`${subject} completed${took}: ${clauses[0]}`, ...clauses.slice(1)]);
  return nothingConsumed(workflow, took);
}

/** `shop could not publish order.placed to orders with ChannelClosed 4 min ago`. */
function unpublishedWords(unpublished: readonly NeverPublished[], nowUnixNano: bigint): string {
  const { event, error } = unpublished[0]!;
  const where = event.destination === null ? '' : ` to ${event.destination}`;
  const why = errorsWords([error]);
  const more = unpublished.length - 1;
  return `${event.producer || 'an unknown producer'} could not publish ${event.eventName || 'an event'}${where}${why === '' ? '' : ` (${why})`}, ${formatAge(event.time, nowUnixNano)}${more > 0 ? `, nor ${counted(more, 'more event')}` : ''}`;
}

function nothingConsumed(workflow: Workflow, took: string): string {
  const published = workflow.events.filter(({ kind }) => kind === 'event');
  if (published.length === 0) {
    const { root } = workflow;
    const ran = root.type === 'step' ? `ran ${root.reading.step ?? root.reading.span.name}${took} and ` : '';
    return sentence([`${workflow.key} ${ran}published no event that is known`]);
  }
  const names = unique(published.map(({ eventName }) => eventName || 'an event'));
  return sentence([
    `${workflow.key} published ${listWords(names)}${published.length > names.length ? ` (${counted(published.length, 'event')})` : ''}; no consumer is known to have received ${published.length === 1 ? 'it' : 'them'}`,
  ]);
}

function stopWords(
  stopped: readonly DeliveryDraft[],
  statuses: ReadonlyMap<DeliveryDraft, DeliveryStatus>,
  nowUnixNano: bigint,
): string {
  const words = stopped.slice(0, 2).map((delivery) => {
    const given = statuses.get(delivery) === 'dead-lettered' ? ', dead-lettered' : '';
    return `${nameOf(delivery)}: ${failureWords(delivery, nowUnixNano)}${given}`;
  });
  const rest = stopped.length - words.length;
  return `${words.join('; and at ')}${rest > 0 ? `; and at ${counted(rest, 'more branch', 'more branches')}` : ''}`;
}

/** `4 attempts failed with HTTP 503, the last 4 min ago`. */
function failureWords(delivery: DeliveryDraft, nowUnixNano: bigint): string {
  const failed = delivery.attempts.filter(({ outcome }) => outcome === 'failed');
  const last = failed.at(-1) ?? delivery.attempts.at(-1);
  if (last === undefined) return 'given up';
  const age = formatAge(endOf(last) ?? startOf(last), nowUnixNano);
  if (failed.length === 0) return `given up by its handler ${age}`;
  const words = errorsWords(failed.map(({ error }) => error));
  const error = words === '' ? '' : ` with ${words}`;
  return failed.length === 1
    ? `its attempt failed${error} ${age}`
    : `${failed.length} attempts failed${error}, the last ${age}`;
}

/** `warehouse has not received order.placed, published 4 min ago and due within 30 s`. */
function missingWords(missing: readonly DeliveryDraft[], nowUnixNano: bigint): string {
  const first = missing[0]!;
  const names = unique(missing.map(({ consumer }) => consumer));
  const what = unique(missing.map(({ event }) => event.eventName));
  const due = first.expected === null ? '' : ` and due within ${formatDuration(first.expected.withinNano)}`;
  return `${listWords(names)} ${names.length === 1 ? 'has' : 'have'} not received ${listWords(what)}, ${publishError(first.event) === null ? 'published' : 'tried'} ${formatAge(first.event.time, nowUnixNano)}${due}`;
}

function waitingWords(waiting: readonly DeliveryDraft[]): string {
  const names = unique(waiting.map(({ consumer }) => consumer));
  const what = unique(waiting.map(({ event }) => event.eventName));
  return `${listWords(names)} ${names.length === 1 ? 'is' : 'are'} still to receive ${listWords(what)}`;
}

function attemptsTo(delivery: DeliveryDraft): number {
  const success = delivery.attempts.findIndex(
    ({ outcome }) => outcome === 'succeeded' || outcome === 'skipped',
  );
  const attempt = delivery.attempts[success]!;
  return Math.max(success + 1, attempt.reading.attempt ?? 0);
}

function nameOf(delivery: DeliveryDraft): string {
  const last = delivery.attempts.at(-1);
  return last === undefined ? delivery.consumer : stepName(last);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function sentence(clauses: readonly string[]): string {
  return `${clauses.join('; ')}.`;
}
