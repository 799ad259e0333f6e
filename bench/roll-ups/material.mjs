// Notes and tallies as the background makes them, of made-up workflows.
import { attributeHash, SOUGHT_SEPARATOR } from '@upshot/model';

export const EVENTS = 200;
/** Eight workflows a second. */
export const SPACING_NANOS = 125_000_000n;
const hex = (n) =>
  ((BigInt(n) * 0x9e3779b97f4a7c15n) & 0xffff_ffff_ffff_ffffn).toString(16).padStart(16, '0');

/** An ID of its own for each of the events of a workflow. */
export const eventId = (n, at) => {
  const digits = hex(n * 8 + at) + hex(n * 8 + at + 4_294_967_291);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

/** Attributes that workflows of one kind share: some 60, as 16 spans of an instrumented service have. */
const shared = Array.from({ length: 20 }, (_, kind) =>
  Uint32Array.from({ length: 60 }, (_, at) =>
    attributeHash(`attribute.${at}`, at < 40 ? 'same' : `${kind}`),
  ).sort(),
);
const OWN = 24;

/** What a workflow is looked for by: four event IDs among its texts, and two dozen attributes that no other has. */
function sought(n) {
  const texts = [
    `order_${n}`,
    ...[0, 1, 2, 3].map((at) => eventId(n, at)),
    `event-${n % EVENTS}`,
    `consumer-${n % 37}`,
    `consumer-${n % 41}`,
    ...[0, 1, 2].map((step) => `step ${step} of service-${(n + step) % 20}`),
    ...(n % 10_000 === 17 ? ['upstreamerror', `http 503 from payment provider ${n % 7}`] : []),
  ];
  const attributes = new Uint32Array(60 + OWN);
  attributes.set(shared[n % 20]);
  for (let at = 0; at < OWN; at++) attributes[60 + at] = attributeHash(`own.${at}`, `${n}`);
  return { texts: texts.join(SOUGHT_SEPARATOR), attributes };
}

/** Notes number `first` and on. 1 in 10,000 has failed. `underWay`: as every third of them was noted first. */
export function notes(begin, first, count, underWay = false) {
  const made = [];
  for (let n = first; n < first + count; n++) {
    const timeUnixNano = begin + BigInt(n) * SPACING_NANOS;
    const note = {
      id: hex(n),
      timeUnixNano,
      version: timeUnixNano + 5_000_000_000n,
      gone: false,
      key: `order_${n}`,
      status: n % 10_000 === 17 ? 'failed' : 'completed',
      changesAtUnixNano: null,
      facets: [
        `event:event-${n % EVENTS}`,
        `consumer:consumer-${n % 37}`,
        `consumer:consumer-${n % 41}`,
        `service:service-${n % 20}`,
        `customer:c-${n}`,
      ],
      row: JSON.stringify({
        key: `order_${n}`,
        summary: `event-${n % EVENTS} led to 3 deliveries, all of which succeeded after ${n % 3} retries.`,
        startTimeUnixNano: String(timeUnixNano),
        endTimeUnixNano: String(timeUnixNano + BigInt(n % 1000) * 1_000_000n),
        counts: { events: 4, deliveries: 3, attempts: 3 + (n % 3), findings: n % 5 === 0 ? 1 : 0 },
        services: [`service-${n % 20}`, `service-${(n + 1) % 20}`],
      }),
      lesson: JSON.stringify({
        hops: [0, 1, 2].map((hop) => [
          `event-${(n + hop) % EVENTS}`,
          `consumer-${(n + hop) % 37}`,
          n % 900,
          1,
        ]),
        publishes: [[`event-${n % EVENTS}`, 4]],
      }),
      sought: sought(n),
    };
    if (!underWay) made.push(note);
    else if (n % 3 === 0)
      made.push({
        ...note,
        version: timeUnixNano + 1_000_000_000n,
        status: 'in-progress',
        changesAtUnixNano: timeUnixNano + 30_000_000_000n,
      });
  }
  return made;
}

/** Cells of minutes, each with so many series of hops and as many of events that were published. */
export function cells(first, count, series, version) {
  return Array.from({ length: count }, (_, at) => {
    const minute = first + at;
    const time = BigInt(minute) * 60_000_000_000n;
    return {
      minute,
      version,
      tallies: ['hop', 'publish'].flatMap((kind) =>
        Array.from({ length: kind === 'hop' ? series : series / 4 }, (_, n) => ({
          kind,
          series: JSON.stringify([kind, n]),
          firstUnixNano: time + BigInt(n),
          lastUnixNano: time + 59_000_000_000n,
          examples: [0, 1, 2].map((example) => `order_${minute * 480 + n * 3 + example}`),
          counts: new Map(
            Array.from({ length: 12 }, (_, number) => [number * 7, (n + number + minute) % 50]),
          ),
        })),
      ),
    };
  });
}
