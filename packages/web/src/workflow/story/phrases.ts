import type { DeliveryNode, EventNode } from '@upshot/model';
import { formatDuration, nanos } from '../../words/format.js';
import { deliveryStep, errorWords, lastError } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import { spoken, times } from './numbers.js';
import type { Sentence, Words } from './Story.js';

export function eventWords(event: EventNode): Words {
  return { node: event.id, name: event.eventName, isEvent: true };
}

export function deliveryWords(index: WorkflowIndex, delivery: DeliveryNode): Words {
  return { node: delivery.id, name: deliveryStep(index, delivery), isEvent: false };
}

/** ` and published a and b`; nothing where nothing was. Many of one name are told by their number. */
export function publishedWords(events: readonly (readonly EventNode[])[]): Sentence {
  if (events.length === 0) return [];
  const words: Words[] = [' and published '];
  events.forEach((group, at) => {
    if (at > 0) words.push(at === events.length - 1 ? ' and ' : ', ');
    words.push(eventWords(group[0]!));
    if (group[0]!.error) words.push(', which never arrived at its broker');
    if (group.length > 1) words.push(` ${times(group.length)}`);
  });
  return words;
}

/** `with HTTP 503`; nothing where no error is known. */
export function withError(index: WorkflowIndex, delivery: DeliveryNode): Sentence {
  const error = lastError(index, delivery);
  return error ? [' with ', { strong: errorWords(error).slice(0, 160) }] : [];
}

/** `, backed off 2 s and 4 s,`; nothing where attempts followed at once or the clocks hide it. */
export function backOffWords(index: WorkflowIndex, delivery: DeliveryNode): Sentence {
  const waits = index
    .attempts(delivery)
    .slice(1)
    .flatMap(({ waitNano }) => (waitNano === null || nanos(waitNano) <= 0n ? [] : [nanos(waitNano)]));
  const [first, ...rest] = waits;
  if (first === undefined) return [];
  if (rest.length > 2)
    return [`, backed off ${spoken(waits.length)} times up to ${formatDuration(largest(waits))}`];
  const last = rest.pop();
  const all = [first, ...rest].map(formatDuration).join(', ');
  return [`, backed off ${all}${last === undefined ? '' : ` and ${formatDuration(last)}`}`];
}

function largest(values: readonly bigint[]): bigint {
  return values.reduce((most, value) => (value > most ? value : most), 0n);
}

/** Plain text of a sentence. */
export function plain(sentence: Sentence): string {
  return sentence
    .map((words) =>
      typeof words === 'string'
        ? words
        : 'strong' in words
          ? words.strong
          : 'mono' in words
            ? words.mono
            : words.name,
    )
    .join('');
}
