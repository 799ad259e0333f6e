// A made-up fleet, and the minutes of tallies that its workflows leave: what the background writes of them.
import { Cell, contributionsOf, packContributions } from '@upshot/knowledge';

const EVENTS = 40;
const HOPS = 100;
const PER_WORKFLOW = 3;

const side = (service, version) => ({
  service,
  version,
  library: '@opentelemetry/instrumentation-kafkajs@0.16.0',
  language: 'nodejs',
  system: 'kafka',
});
const hops = Array.from({ length: HOPS }, (_, n) => {
  const event = n % EVENTS;
  return {
    event: `domain-${event % 8}.event-${event}`,
    destination: `topic-${event}`,
    producer: side(`producer-${event % 12}`, '1.4.2'),
    consumer: side(`consumer-${n % 37}`, '2.0.1'),
    step: `handle-event-${event}`,
    // From 0.5 ms to seconds: each hop has its own middle.
    wait: 5e5 * 1.08 ** n,
    work: 2e6 * 1.05 ** n,
  };
});

/** The tallies of a minute in which so many workflows began, each through three hops. 1 in 500 deliveries fails. */
export function cellOf(minute, workflows, version) {
  const cell = new Cell();
  const begin = BigInt(minute) * 60_000_000_000n;
  for (let n = 0; n < workflows; n++) {
    const taken = Array.from({ length: PER_WORKFLOW }, (_, at) => hops[(minute + n * 7 + at * 31) % HOPS]);
    const lesson = {
      status: 'completed',
      findings: [],
      compliance: [],
      deliveries: taken.map((hop) => deliveryOf(hop, (minute * 31 + n) % 500 === 0)),
      publishes: taken.map(({ event: eventName, destination, producer }) => ({
        ...{ eventName, destination, environment: 'production', producer },
        ...{ consumed: true, continued: true, contextLost: false },
      })),
    };
    const key = `order_${minute}_${n}`;
    const timeUnixNano = begin + BigInt(n) * 100_000n;
    cell.set(key, { timeUnixNano, key, contributions: packContributions(contributionsOf(lesson)) });
  }
  return { minute, version, tallies: cell.tallies() };
}

function deliveryOf({ event: eventName, destination, producer, consumer, step, wait, work }, failed) {
  return {
    hop: { producer: producer.service, eventName, destination, consumer: consumer.service },
    ...{ environment: 'production', producer, consumer, proof: 'declared', evidence: [], kind: 'event' },
    ...{ namesMissingParent: false, byRecords: false, steps: [step] },
    ...{ status: failed ? 'failed' : 'succeeded', attempts: failed ? 5 : 1, attemptsFailed: failed ? 5 : 0 },
    waitNano: BigInt(Math.round(wait * spread())),
    workNano: BigInt(Math.round(work * spread())),
  };
}

/** Log-normal, as waits are: two thirds within half and double. */
function spread() {
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return Math.exp(0.7 * normal);
}
