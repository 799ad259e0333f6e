import type { HopHealth } from '@upshot/model';
import { blame } from './blame.js';
import { fixFor } from './fixes.js';
import type { HopAccount } from './HopAccount.js';
import type { Hops } from './Hops.js';
import { sidesOf } from './sidesOf.js';

const NANOS_PER_MINUTE = 60_000_000_000n;

/** Periods of a trend, in minutes. */
export interface Periods {
  readonly every: number;
}

/** The health of one hop, with whose change mends it. */
export function healthOf(hop: HopAccount, hops: Hops, periods: Periods): HopHealth {
  const { fault, proof } = blame(hop, hops);
  const state = stateOf(hop);
  const needsFix = state === 'broken' || (fault === 'unknown' && hop.namesMissingParent > 0);
  return {
    producer: hop.producer,
    eventName: hop.eventName,
    destination: hop.destination,
    consumer: hop.consumer,
    environment: hop.environment,
    deliveries: hop.deliveries,
    ...hop.proofs,
    broken: hop.broken,
    state,
    fault,
    proof,
    fix: needsFix ? fixFor(fault, hop, sidesOf(hop, hops)) : '',
    others: hops
      .ofSameEvent(hop)
      .filter((one) => one !== hop)
      .map(({ consumer, proofs, deliveries }) => ({ consumer, declared: proofs.declared, deliveries })),
    examples: [
      ...new Set(
        (['unlinked', 'stitched', 'declared'] as const).flatMap((proof) => hop.examples.get(proof) ?? []),
      ),
    ],
    exampleOf: Object.fromEntries(hop.examples),
    firstSeenUnixNano: String(hop.firstUnixNano ?? 0n),
    lastSeenUnixNano: String(hop.lastUnixNano ?? 0n),
    lastWholeUnixNano: hop.lastWholeUnixNano === null ? null : String(hop.lastWholeUnixNano),
    brokenSince: hop.isBroken ? brokenSince(hop, hops, fault === 'consumer' ? 'consumer' : 'producer') : null,
    workflowsCut: hop.brokenWorkflows,
    trend: [...hop.periods]
      .sort(([a], [b]) => a - b)
      .map(([minute, { declared, stitched, unlinked }]) => ({
        fromUnixNano: String(BigInt(minute) * NANOS_PER_MINUTE),
        toUnixNano: String(BigInt(minute + periods.every) * NANOS_PER_MINUTE),
        declared,
        stitched,
        unlinked,
      })),
  };
}

/** Mended: it was cut, and all that came after the last cut delivery is whole. */
function stateOf(hop: HopAccount): HopHealth['state'] {
  if (!hop.isBroken) return 'whole';
  const lastBroken = hop.releases
    .filter(({ whole }) => !whole)
    .reduce((last, { lastUnixNano }) => (lastUnixNano > last ? lastUnixNano : last), 0n);
  return hop.lastWholeUnixNano !== null && hop.lastWholeUnixNano > lastBroken && !isSideBySide(hop)
    ? 'mended'
    : 'broken';
}

/** Whether the last period in which anything was cut also has whole deliveries of the releases that were cut. */
function isSideBySide({ releases }: HopAccount): boolean {
  const cut = new Set(releases.filter(({ whole }) => !whole).map(nameOf));
  const whole = releases.filter((one) => one.whole);
  return (
    whole.length > 0 && whole.every((one) => cut.has(nameOf(one)) && one.firstUnixNano < lastOf(releases))
  );
}

function lastOf(releases: HopAccount['releases']): bigint {
  return releases
    .filter(({ whole }) => !whole)
    .reduce((last, { lastUnixNano }) => (lastUnixNano > last ? lastUnixNano : last), 0n);
}

function nameOf({ producer, consumer }: HopAccount['releases'][number]): string {
  return JSON.stringify([producer, consumer]);
}

/** Where the loss began: with the first cut delivery after the last time that most were whole, and with which release of the side at fault. */
function brokenSince(hop: HopAccount, hops: Hops, side: 'producer' | 'consumer'): HopHealth['brokenSince'] {
  const cut = hop.releases.filter(({ whole }) => !whole);
  const whole = hop.releases.filter((one) => one.whole);
  const soundVersions = new Set(whole.map((one) => one[side]?.version ?? ''));
  const fresh = cut.filter((one) => one[side] !== null && !soundVersions.has(one[side].version));
  const among = fresh.length > 0 ? fresh : cut;
  const first = among.reduce((a, b) => (b.firstUnixNano < a.firstUnixNano ? b : a));
  const before = whole
    .filter((one) => one.firstUnixNano < first.firstUnixNano)
    .reduce<(typeof whole)[number] | null>(
      (a, b) => (a === null || b.lastUnixNano > a.lastUnixNano ? b : a),
      null,
    );
  // Deliveries without any sign of their publish do not say which release it was; what that release published does.
  const published = side === 'producer' && first.producer === null ? publishedSince(hop, hops) : null;
  return {
    unixNano: String(first.firstUnixNano),
    service: first[side]?.service || (side === 'producer' ? hop.producer : hop.consumer),
    version: published?.version ?? first[side]?.version ?? '',
    versionBefore: published?.before ?? before?.[side]?.version ?? '',
  };
}

/** The first release of the producer of which nobody continued anything, and the last before it that somebody did. */
function publishedSince(
  { producer, eventName, environment }: HopAccount,
  { publishers }: Hops,
): { version: string; before: string } | null {
  const releases = publishers.releasesOf(producer, eventName, environment);
  const silent = releases.filter(({ continued }) => continued === 0).at(-1);
  if (silent === undefined) return null;
  const sound = releases.find(
    ({ continued, firstUnixNano }) => continued > 0 && firstUnixNano < silent.firstUnixNano,
  );
  return { version: silent.side.version, before: sound?.side.version ?? '' };
}
