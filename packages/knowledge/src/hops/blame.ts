import type { Side } from '@upshot/causality';
import { formatCount } from '@upshot/model';
import type { HopAccount } from './HopAccount.js';
import type { Hops } from './Hops.js';
import { sidesOf } from './sidesOf.js';

export type Fault = 'producer' | 'consumer' | 'broker' | 'nobody' | 'unknown';

export interface Blame {
  readonly fault: Fault;
  /** The evidence, in one sentence. */
  readonly proof: string;
}

/** Messaging systems whose messages have nothing but a body: Redis pub/sub, MQTT before version 5, PostgreSQL's NOTIFY. Nobody's propagator reaches them. */
const WITHOUT_HEADERS: ReadonlySet<string> = new Set(['redis', 'mqtt', 'postgresql', 'zeromq']);

/**
 * Whose change mends a hop. What others do with the same messages decides: if anybody continues them, the producer injects and this consumer does not
 * extract; if nobody ever does, the producer does not inject, unless it is seen to inject elsewhere by the same library while this consumer is
 * seen to extract nowhere; if only those behind another broker lose the context, the bridge between drops it.
 */
export function blame(hop: HopAccount, hops: Hops): Blame {
  if (!hop.isBroken) return wholeHop(hop);
  const { producer, consumer } = sidesOf(hop, hops);
  const others = hops.ofSameEvent(hop).filter((one) => one !== hop);
  const continuing = others.filter((one) => goesOn(one, hop));
  const lost = `${hop.consumer} starts new traces in ${formatCount(hop.broken)} of ${formatCount(hop.deliveries)} deliveries`;

  const systems = [producer?.system ?? '', consumer?.system ?? ''];
  if (systems.every((system) => system !== '') && systems[0] !== systems[1]) {
    const here = continuing.filter((one) => sidesOf(one, hops).consumer?.system === systems[0]);
    const seen =
      here.length > 0
        ? `${here.map((one) => one.consumer).join(', ')} on ${systems[0]} continues the same messages`
        : 'no consumer behind the bridge continues them';
    return {
      fault: 'broker',
      proof: `${hop.producer} publishes to ${systems[0]} and ${hop.consumer} reads from ${systems[1]}: ${seen}, so the bridge between them drops the headers.`,
    };
  }
  const system = systems.find((one) => one !== '') ?? '';
  if (
    WITHOUT_HEADERS.has(system) &&
    !hops.all.some((one) => one.proofs.declared > 0 && systemOf(one, hops) === system)
  )
    return {
      fault: 'nobody',
      proof: `Messages of ${system} have no headers, and nobody continues a trace over it: ${lost}.`,
    };
  if (continuing.length > 0 && others.every((one) => losesAlike(one, hop)))
    return {
      fault: 'producer',
      proof: `Each of the ${others.length + 1} consumers of ${hop.eventName} loses about as many: some of the messages of ${hop.producer} carry no context (${lost}). One of its instances, or one way through its code, may not inject it.`,
    };
  if (continuing.length > 0)
    return {
      fault: 'consumer',
      proof: `${continuing.map((one) => `${one.consumer} (${formatCount(one.proofs.declared)} of ${formatCount(one.deliveries)})`).join(', ')} continue${continuing.length === 1 ? 's' : ''} the trace of the same event, so its messages carry the context; ${lost}.`,
    };
  if (hop.producer === '')
    return {
      fault: 'unknown',
      proof: `Nothing tells who published what ${hop.consumer} received: its messages carry neither context nor an ID that a publish has (${lost}).`,
    };
  const told = byRelease(hop, lost);
  if (told !== null) return told;
  const also = others.filter((one) => during(one, hop).broken > 0);
  const injects = hops.all.some((one) => isSameSender(one, hop, hops) && goesOn(one, hop));
  const extracts = hops.all.some((one) => isSameReceiver(one, hop, hops) && goesOn(one, hop));
  if (also.length === 0 && injects && !extracts)
    return {
      fault: 'consumer',
      proof: `${hop.producer} injects the context into other messages that it sends by the same library, and ${hop.consumer} continues none of any: ${lost}.`,
    };
  if (hop.proofs.declared > 0 && isMixed(hop) && also.length === 0)
    return {
      fault: 'unknown',
      proof: `The same releases continue the trace in ${formatCount(hop.proofs.declared)} deliveries and lose it in ${formatCount(hop.broken)}, side by side.`,
    };
  const since = hop.proofs.declared > 0 ? 'any more' : 'ever';
  const by = also.length === 0 ? 'its only consumer' : `any of its ${also.length + 1} consumers`;
  return {
    fault: 'producer',
    proof: `Nothing of ${hop.eventName} from ${hop.producer} is ${since === 'ever' ? 'ever continued' : 'continued any more'} by ${by}${extracts ? `, and ${hop.consumer} does continue what others send it` : ''}: its messages carry no context.`,
  };
}

/** What another hop did in the periods in which this one was cut. */
function during(other: HopAccount, hop: HopAccount): { declared: number; broken: number } {
  const sum = { declared: 0, broken: 0 };
  for (const [period, { broken }] of hop.periods) {
    const at = broken > 0 ? other.periods.get(period) : undefined;
    if (at === undefined) continue;
    sum.declared += at.declared;
    sum.broken += at.broken;
  }
  return sum;
}

/** Whether another hop mostly continues its traces in the periods in which this one is cut: what was before a deploy proves nothing of after. */
function goesOn(other: HopAccount, hop: HopAccount): boolean {
  const { declared, broken } = during(other, hop);
  return declared > broken;
}

/** Whether another hop loses at least half the share that this one loses, in the same periods: what is lost for all was never sent. */
function losesAlike(other: HopAccount, hop: HopAccount): boolean {
  const shareOf = ({ declared, broken }: { declared: number; broken: number }) =>
    broken / (declared + broken);
  return shareOf(during(other, hop)) * 2 >= shareOf(during(hop, hop));
}

/** Whether whole and cut deliveries come side by side, and not one after the other. */
function isMixed({ periods }: HopAccount): boolean {
  const cut = [...periods.values()].filter(({ broken }) => broken > 0);
  return cut.filter(({ declared }) => declared > 0).length * 2 > cut.length;
}

function wholeHop(hop: HopAccount): Blame {
  if (hop.namesMissingParent > 0)
    return {
      fault: 'unknown',
      proof: `${hop.consumer} names a parent or link that has not arrived in ${formatCount(hop.namesMissingParent)} of ${formatCount(hop.deliveries)} deliveries: who published sends its spans elsewhere, or samples them away.`,
    };
  if (hop.proofs.declared === 0)
    return { fault: 'nobody', proof: 'Told by event records, which declare their causes by ID.' };
  return { fault: 'nobody', proof: 'Every delivery continues the trace of its event, by parent or link.' };
}

/** Some deliveries of one consumer are whole and some are not: the side whose releases tell them apart is at fault; null where neither or both do. */
function byRelease(hop: HopAccount, lost: string): Blame | null {
  const whole = hop.releases.filter((one) => one.whole);
  const broken = hop.releases.filter((one) => !one.whole);
  if (whole.length === 0) return null;
  const differs = (side: (release: HopAccount['releases'][number]) => Side | null) => {
    const sound = new Set(whole.map((one) => JSON.stringify(side(one))));
    return broken.every((one) => side(one) !== null && !sound.has(JSON.stringify(side(one))));
  };
  const producer = differs((one) => one.producer);
  const consumer = differs((one) => one.consumer);
  if (producer === consumer) return null;
  const side = producer ? 'producer' : 'consumer';
  const who = producer ? hop.producer : hop.consumer;
  const versions = [...new Set(broken.map((one) => one[side]?.version ?? '').filter((one) => one !== ''))];
  return {
    fault: side,
    proof: `Deliveries are whole with other releases of ${who}, and cut with ${versions.length === 0 ? 'this one' : `version ${versions.join(', ')}`}: ${lost}.`,
  };
}

function systemOf(hop: HopAccount, hops: Hops): string {
  const { producer, consumer } = sidesOf(hop, hops);
  return producer?.system || consumer?.system || '';
}

function isSameSender(one: HopAccount, hop: HopAccount, hops: Hops): boolean {
  if (one === hop || one.producer !== hop.producer || one.environment !== hop.environment) return false;
  return sidesOf(one, hops).producer?.library === sidesOf(hop, hops).producer?.library;
}

function isSameReceiver(one: HopAccount, hop: HopAccount, hops: Hops): boolean {
  if (one === hop || one.environment !== hop.environment) return false;
  const [a, b] = [sidesOf(one, hops).consumer, sidesOf(hop, hops).consumer];
  return a !== null && b !== null && a.service === b.service && a.library === b.library;
}
