import type { Side } from '@upshot/causality';
import type { HopAccount } from './HopAccount.js';
import type { Hops } from './Hops.js';

/**
 * Both sides of a hop as of the latest release that was cut; where none was, of the latest. Of a producer that its messages do not name, the latest
 * release that published the event.
 */
export function sidesOf(hop: HopAccount, hops: Hops): { producer: Side | null; consumer: Side | null } {
  const cut = hop.releases.filter((one) => !one.whole);
  const latest = (cut.length > 0 ? cut : hop.releases).reduce<HopAccount['releases'][number] | null>(
    (a, b) => (a === null || b.lastUnixNano > a.lastUnixNano ? b : a),
    null,
  );
  const published = () =>
    hops.publishers.releasesOf(hop.producer, hop.eventName, hop.environment)[0]?.side ?? null;
  return { producer: latest?.producer ?? published(), consumer: latest?.consumer ?? null };
}
