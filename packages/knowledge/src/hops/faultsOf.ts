import { counted, earlier, type HopHealth, type PropagationFault } from '@upshot/model';

/** Workflows named as examples of one fault. */
const EXAMPLES = 3;

/** What is at fault, each cause once: a producer that injects nothing cuts all of its consumers, and is one line. */
export function faultsOf(hops: readonly HopHealth[]): PropagationFault[] {
  const groups = new Map<string, HopHealth[]>();
  for (const hop of hops) {
    if (hop.state !== 'broken') continue;
    // What a consumer does not extract is its own fault, whoever sent it; what a producer does not inject is one fault for all consumers.
    const subject = hop.fault === 'producer' || hop.fault === 'broker' ? '' : hop.consumer;
    const key = JSON.stringify([
      hop.fault,
      hop.producer,
      hop.eventName,
      hop.destination,
      hop.environment,
      subject,
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [hop]);
    else group.push(hop);
  }
  return [...groups.values()]
    .map(faultOf)
    .sort((a, b) => b.workflows - a.workflows || (a.sentence < b.sentence ? -1 : 1));
}

function faultOf(hops: readonly HopHealth[]): PropagationFault {
  const first = hops[0]!;
  const consumers = hops.map(({ consumer }) => consumer).sort();
  // Each workflow is cut at most once a hop: the largest hop says how many there are at the least.
  const workflows = Math.max(...hops.map(({ workflowsCut }) => workflowsCut));
  const since = hops
    .map(({ brokenSince, firstSeenUnixNano }) => BigInt(brokenSince?.unixNano ?? firstSeenUnixNano))
    .reduce(earlier);
  const { fault, producer, eventName, destination, environment, fix } = first;
  return {
    sentence: sentenceOf(first, consumers, workflows, since),
    fault,
    producer,
    eventName,
    destination,
    environment,
    consumers,
    workflows,
    sinceUnixNano: String(since),
    fix,
    examples: [
      ...new Set(hops.flatMap(({ exampleOf }) => exampleOf.unlinked ?? exampleOf.stitched ?? [])),
    ].slice(0, EXAMPLES),
  };
}

function sentenceOf(hop: HopHealth, consumers: readonly string[], workflows: number, since: bigint): string {
  const from = hop.producer === '' ? 'an unknown producer' : hop.producer;
  const place = hop.destination || hop.eventName || 'its messages';
  const version = hop.brokenSince?.version
    ? `, ${hop.brokenSince.versionBefore === '' ? 'with' : 'since'} version ${hop.brokenSince.version} of ${hop.brokenSince.service}`
    : '';
  const who = consumers.length === 1 ? consumers[0]! : counted(consumers.length, 'consumer');
  const starts = consumers.length === 1 ? 'starts' : 'start';
  const cut = `${counted(workflows, 'workflow')} since ${clock(since)} ${workflows === 1 ? 'is' : 'are'} cut there${version}.`;
  switch (hop.fault) {
    case 'producer':
      return `${from} → ${place}: its messages carry no context; ${who} ${starts} new traces; ${cut}`;
    case 'consumer':
      return `${from} → ${place} → ${who}: the messages carry context and ${who} does not extract it; ${cut}`;
    case 'broker':
      return `${from} → ${place}: the bridge to ${who} drops the headers; ${cut}`;
    case 'nobody':
      return `${from} → ${place}: what carries these messages has no headers; ${who} ${starts} new traces; ${cut}`;
    case 'unknown':
      return `${from} → ${place} → ${who}: the context is lost, and nothing tells on which side; ${cut}`;
  }
}

/** Hours and minutes in UTC, with the day where it is not today's matter to guess. */
function clock(unixNano: bigint): string {
  const iso = new Date(Number(unixNano / 1_000_000n)).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
