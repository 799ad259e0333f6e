import { push } from '../Contexts.js';
import { byStart, type Draft, startOf } from '../Draft.js';
import { evidenceOf, withAll } from '../evidence.js';
import { type AttemptDraft, connect, type DeliveryDraft, type EventDraft, NO_SPANS } from '../nodes.js';

/** Groups attempts into deliveries, one for each event and consumer, and draws what hangs on what. */
export function deliver(draft: Draft): void {
  const aliases = consumerAliases(draft.attempts);
  const groups = new Map<string, AttemptDraft[]>();
  for (const attempt of draft.attempts) {
    const alias = aliases.size === 0 ? undefined : aliases.get(aliasKey(attempt, attempt.consumer));
    if (alias !== undefined) attempt.consumer = alias;
    push(groups, branchOf(attempt.event, attempt.consumer), attempt);
  }
  const delivered = new Map<string, DeliveryDraft>();
  for (const [branch, attempts] of groups) {
    attempts.sort(byStart);
    const { event, consumer } = attempts[0]!;
    const delivery = deliveryOf(event, consumer, uniteNumbered(attempts));
    draft.deliveries.push(delivery);
    event.deliveries.push(delivery);
    delivered.set(branch, delivery);
    let evidence = evidenceOf([]);
    let confidence = 0;
    for (const attempt of delivery.attempts) {
      evidence = withAll(evidence, attempt.evidence);
      confidence = Math.max(confidence, attempt.confidence);
    }
    if (evidence.size > 1 && confidence === 1 && evidence.has('inferred'))
      evidence = evidenceOf([...evidence].filter((one) => one !== 'inferred'));
    connect(event, delivery, 'delivered', evidence, confidence, { fresh: true });
    let before: AttemptDraft | null = null;
    for (const attempt of delivery.attempts) {
      attempt.delivery = delivery;
      connect(delivery, attempt, 'attempted', attempt.evidence, attempt.confidence, { fresh: true });
      if (before !== null)
        connect(before, attempt, 'retried', attempt.evidence, attempt.confidence, { fresh: true });
      before = attempt;
    }
  }
  for (const { event, consumer, letter } of draft.givenUp) giveUp(draft, delivered, event, consumer, letter);
  for (const event of draft.events) drawFate(event);
  for (const event of draft.events) event.deliveries.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function deliveryOf(event: EventDraft, consumer: string, attempts: AttemptDraft[]): DeliveryDraft {
  return {
    type: 'delivery',
    id: `delivery:${event.id}:${consumer}`,
    causes: [],
    effects: [],
    spanIds: NO_SPANS,
    event,
    consumer,
    attempts,
    deadLettered: false,
    expected: null,
  };
}

function branchOf(event: EventDraft, consumer: string): string {
  return `${event.id.length} ${event.id}${consumer}`;
}

/** A delivery of which nothing is known but that it was given up. */
function giveUp(
  draft: Draft,
  delivered: Map<string, DeliveryDraft>,
  event: EventDraft,
  consumer: string,
  letter: EventDraft,
): void {
  const branch = branchOf(event, consumer);
  let delivery = delivered.get(branch);
  if (delivery === undefined) {
    delivery = deliveryOf(event, consumer, []);
    delivered.set(branch, delivery);
    draft.deliveries.push(delivery);
    event.deliveries.push(delivery);
    connect(event, delivery, 'delivered', ['event-id'], 1);
  }
  delivery.deadLettered = true;
  connect(delivery.attempts.at(-1) ?? delivery, letter, 'dead-lettered', ['event-id'], 1);
}

/** A dead letter comes from the last attempt that gave it up, a replay from the dead letter, else from the event. */
function drawFate(event: EventDraft): void {
  if (event.kind === 'dead-letter') {
    const givers = giversOf(event);
    if (givers.length > 0) {
      for (const { delivery } of givers) delivery!.deadLettered = true;
      retype(event, lastOf(givers[0]!));
    } else if (event.causes.length === 0 && event.origin !== null) {
      const failed = event.origin.deliveries.filter(({ attempts }) => attempts.at(-1)?.outcome === 'failed');
      const from = failed.length === 1 ? failed[0]! : null;
      if (from !== null) from.deadLettered = true;
      connect(from?.attempts.at(-1) ?? event.origin, event, 'dead-lettered', ['event-id'], 1);
    } else if (event.origin !== null && event.causes.every(({ from }) => from === event.origin)) {
      putAside(event, event.origin);
    }
  } else if (event.kind === 'replay' && !event.causes.some(({ kind }) => kind === 'replayed')) {
    const letter = above(event)?.event;
    const origin = letter?.kind === 'dead-letter' ? letter : event.origin;
    if (origin !== null && origin !== undefined) connect(origin, event, 'replayed', ['event-id'], 1);
  }
}

/** The attempts that gave an event up: one, or where it is doubtful of which message of a batch it is the dead letter, one of each. */
function giversOf(letter: EventDraft): AttemptDraft[] {
  const attempts = letter.causes.map(({ from }) =>
    from.type === 'attempt' ? from : from.type === 'step' ? above(from) : null,
  );
  const known = attempts.filter((attempt) => attempt !== null && attempt.delivery !== null);
  return [...new Set(known as AttemptDraft[])];
}

function lastOf(attempt: AttemptDraft): AttemptDraft {
  return attempt.delivery?.attempts.at(-1) ?? attempt;
}

/** Its sender gave an event up and put it aside itself (a webhook that nobody took): that follows from the last try before it which failed for good. */
function putAside(letter: EventDraft, origin: EventDraft): void {
  const failed = origin.deliveries
    .filter(({ attempts, deadLettered }) => !deadLettered && attempts.at(-1)?.outcome === 'failed')
    .sort((a, b) => byStart(a.attempts.at(-1)!, b.attempts.at(-1)!));
  // Their clocks may differ: where all seem to come later, one of them did all the same.
  const before = failed.filter(({ attempts }) => startOf(attempts.at(-1)!) <= letter.time);
  const given = before.at(-1) ?? failed.at(-1);
  if (given === undefined) return;
  given.deadLettered = true;
  for (const edge of letter.causes.splice(0)) {
    edge.from.effects.splice(edge.from.effects.indexOf(edge), 1);
    connect(given.attempts.at(-1)!, letter, 'dead-lettered', edge.evidence, edge.confidence);
  }
}

function above(node: EventDraft | AttemptDraft['causes'][number]['from']): AttemptDraft | null {
  let at = node.causes[0]?.from;
  for (let hops = 0; at !== undefined && hops < 64; hops++) {
    if (at.type === 'attempt') return at;
    at = at.causes[0]?.from;
  }
  return null;
}

/** Turns what published a dead letter into what dead-lettered it. */
function retype(letter: EventDraft, last: AttemptDraft): void {
  const published = letter.causes.filter(({ kind }) => kind === 'published');
  for (const edge of published) {
    if (edge.from.type !== 'attempt') continue;
    edge.from.effects.splice(edge.from.effects.indexOf(edge), 1);
    letter.causes.splice(letter.causes.indexOf(edge), 1);
    connect(lastOf(edge.from), letter, 'dead-lettered', edge.evidence, edge.confidence, {
      owners: edge.owners,
      ambiguous: edge.ambiguous,
    });
  }
  if (!letter.causes.some(({ kind }) => kind === 'dead-lettered')) {
    connect(last, letter, 'dead-lettered', ['parent'], 1);
  }
}

/** A record without a span, and a span that states the same number of attempt, are one attempt. */
function uniteNumbered(attempts: readonly AttemptDraft[]): AttemptDraft[] {
  const spans = new Map<number, AttemptDraft>();
  for (const attempt of attempts) {
    if (attempt.reading.stored && attempt.reading.attempt !== null)
      spans.set(attempt.reading.attempt, attempt);
  }
  if (spans.size === 0) return [...attempts];
  return attempts.filter((attempt) => {
    const { stored, attempt: number } = attempt.reading;
    const span = stored || number === null ? undefined : spans.get(number);
    if (span === undefined) return true;
    if (attempt.outcome === 'failed' && span.outcome !== 'failed') {
      span.outcome = 'failed';
      span.error = attempt.error;
    }
    return false;
  });
}

/** One consumer seen under two names by one span and its record: the record's name is the more explicit one. */
function consumerAliases(attempts: readonly AttemptDraft[]): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const attempt of attempts) {
    const { consumerAlias } = attempt.reading;
    if (consumerAlias !== null) aliases.set(aliasKey(attempt, consumerAlias), attempt.consumer);
  }
  return aliases;
}

function aliasKey(
  { reading: { environment }, event: { eventName } }: AttemptDraft,
  consumer: string,
): string {
  return `${environment.length} ${eventName.length} ${environment}${eventName}${consumer}`;
}
