// Whose fault: how often the blame for a lost trace context is right, over generated fleets that are messier than those of the tests.
//   npm run build && node bench/blame/run.mjs [--fleets 200] [--seed 7]
// Deploys that roll over minutes and overlap, one of several instances that loses the context, places with several producers, messages that keep
// different IDs, small counts, traces that were sampled away. The truth is known; printed is what was said of each hop.
import { parseArgs } from 'node:util';
import { askLearned } from '@upshot/causality';
import { Cell, contributionsOf, propagationOf } from '@upshot/knowledge';
import { decodeExport } from '@upshot/receiver';
import { openMemoryStore } from '@upshot/storage-memory';

const { values } = parseArgs({
  options: { fleets: { type: 'string', default: '200' }, seed: { type: 'string', default: '7' } },
});
const MINUTE = 60_000_000_000n;
const START = 1_795_000_000_000_000_000n;
const EVERY = 2;

/** Mulberry32: small, seeded, good enough to draw plans. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const text = (key, value) => ({ key, value: { stringValue: value } });
const LANGUAGES = ['nodejs', 'python', 'java', 'go', 'dotnet'];

function drawFleet(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const events = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, e) => {
    const consumers = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, c) => ({
      name: `consumer-${e}-${c}`,
      language: pick(LANGUAGES),
      mode: pick(['parent', 'link']),
      system: 'kafka',
      loses: false,
    }));
    const loss = pick(['none', 'none', 'producer', 'consumer', 'bridge', 'one-instance']);
    if (loss === 'consumer') pick(consumers).loses = true;
    if (loss === 'bridge') {
      const behind = pick(consumers);
      behind.system = 'rabbitmq';
      behind.loses = true;
    }
    return {
      name: `event-${e}`,
      // Some services publish several events, and some places take them from several services.
      producer: `producer-${random() < 0.3 ? 0 : e}`,
      destination: random() < 0.2 ? 'shared-place' : `place-${e}`,
      language: pick(LANGUAGES),
      consumers,
      loss,
      ids: pick(['message-id', 'message-id', 'correlation', 'nothing']),
      workflows: 12 + Math.floor(random() * 60),
      // From which part of the time on; a deploy rolls over a few minutes in which both releases work.
      from: random() < 0.5 ? 0 : 0.3 + random() * 0.4,
      rolling: random() * 0.1,
      instances: 2 + Math.floor(random() * 3),
      sampled: random() < 0.3 ? 0.7 : 1,
    };
  });
  return events;
}

function spansOf(events, random) {
  let count = Math.floor(random() * 2 ** 30);
  const id = (length) =>
    ((BigInt(++count) * 0x9e3779b97f4a7c15f39cc0605cedc835n) & ((1n << 128n) - 1n))
      .toString(16)
      .padStart(32, '0')
      .slice(-length);
  const spans = [];
  const cut = new Map();
  for (const event of events) {
    for (let at = 0; at < event.workflows; at++) {
      const part = at / event.workflows;
      const isNew = event.loss !== 'none' && part >= event.from + (random() - 0.5) * event.rolling;
      const instance = Math.floor(random() * event.instances);
      const start = START + BigInt(Math.floor(part * 60 * 60_000)) * 1_000_000n;
      const [traceId, root, sent, message] = [id(32), id(16), id(16), id(12)];
      const version =
        isNew && ['producer', 'one-instance'].includes(event.loss) && event.from > 0 ? '2' : '1';
      const about = (operation, system) => [
        text('messaging.system', system),
        text('messaging.destination.name', event.destination),
        text('messaging.operation.type', operation),
        text('upshot.event', event.name),
        ...(event.ids === 'message-id' ? [text('messaging.message.id', message)] : []),
        ...(event.ids === 'correlation' ? [text('messaging.message.conversation_id', `c-${message}`)] : []),
      ];
      const add = (service, language, release, own, offset, rest) => {
        const begin = start + BigInt(offset) * 1_000_000n;
        spans.push({
          resource: {
            attributes: [
              text('service.name', service),
              text('service.version', release),
              text('telemetry.sdk.language', language),
            ],
          },
          scopeSpans: [
            {
              scope: { name: `instrumentation-${language}` },
              spans: [
                {
                  traceId: own,
                  startTimeUnixNano: String(begin),
                  endTimeUnixNano: String(begin + 3_000_000n),
                  ...rest,
                },
              ],
            },
          ],
        });
      };
      if (random() <= event.sampled) {
        add(event.producer, event.language, version, traceId, 0, {
          spanId: root,
          name: `do-${event.name}`,
          kind: 2,
        });
        add(event.producer, event.language, version, traceId, 1, {
          spanId: sent,
          parentSpanId: root,
          name: `send ${event.destination}`,
          kind: 4,
          attributes: about('send', 'kafka'),
        });
      } else continue;
      for (const consumer of event.consumers) {
        const lost =
          isNew &&
          (event.loss === 'producer' ||
            (event.loss === 'one-instance' && instance === 0) ||
            (['consumer', 'bridge'].includes(event.loss) && consumer.loses));
        const key = `${event.name} ${consumer.name}`;
        const known = cut.get(key) ?? { lost: 0, all: 0 };
        cut.set(key, { lost: known.lost + (lost ? 1 : 0), all: known.all + 1 });
        const own = lost || consumer.mode === 'link' ? id(32) : traceId;
        add(
          consumer.name,
          consumer.language,
          event.loss === 'consumer' && consumer.loses && isNew && event.from > 0 ? '2' : '1',
          own,
          20,
          {
            spanId: id(16),
            name: `process ${event.destination}`,
            kind: 5,
            ...(lost
              ? {}
              : consumer.mode === 'link'
                ? { links: [{ traceId, spanId: sent }] }
                : { parentSpanId: sent }),
            attributes: [
              ...about('process', consumer.system),
              text('messaging.consumer.group.name', consumer.name),
            ],
          },
        );
      }
    }
  }
  return { spans, cut };
}

async function health(resourceSpans) {
  const store = openMemoryStore();
  const traces = new Set();
  for (let at = 0; at < resourceSpans.length; at += 2000) {
    const body = { resourceSpans: resourceSpans.slice(at, at + 2000) };
    for (const { scopeSpans } of body.resourceSpans) traces.add(scopeSpans[0].spans[0].traceId);
    await store.write({
      spans: [decodeExport(Buffer.from(JSON.stringify(body)), 'json').spans],
      records: [],
    });
  }
  const arrivals = [...traces].map((traceId) => ({ traceId, eventId: '' }));
  const cells = new Map();
  const now = START + 2n * 3_600_000_000_000n;
  for (let at = 0; at < arrivals.length; at += 256) {
    const asking = askLearned(arrivals.slice(at, at + 256), { nowUnixNano: now });
    let step = asking.next();
    while (!step.done) step = asking.next(await store.find(step.value));
    for (const { graph, lesson } of step.value.workflows) {
      const timeUnixNano = BigInt(graph.startTimeUnixNano);
      const minute = Number(timeUnixNano / MINUTE);
      if (!cells.has(minute)) cells.set(minute, new Cell());
      cells.get(minute).set(`${graph.key} ${graph.startTimeUnixNano}`, {
        timeUnixNano,
        key: graph.key,
        contributions: contributionsOf(lesson),
      });
    }
  }
  await store.writeTallies(
    [...cells].map(([minute, cell]) => ({ minute, version: 1n, tallies: cell.tallies() })),
  );
  const sums = await store.tallies({ kinds: ['hop', 'publish'], every: EVERY });
  return propagationOf(sums, { every: EVERY }, now);
}

const EXPECTED = { producer: 'producer', 'one-instance': 'producer', consumer: 'consumer', bridge: 'broker' };
const said = {};
let whole = 0;
let falseAlarms = 0;
let missed = 0;
const random = generator(Number(values.seed));
const began = performance.now();
for (let fleet = 0; fleet < Number(values.fleets); fleet++) {
  const events = drawFleet(random);
  const { spans, cut } = spansOf(events, random);
  const { hops } = await health(spans);
  for (const event of events) {
    for (const consumer of event.consumers) {
      const truth = cut.get(`${event.name} ${consumer.name}`);
      if (truth === undefined) continue;
      const of = hops.filter((hop) => hop.consumer === consumer.name && hop.eventName === event.name);
      const broken = of.filter((hop) => hop.broken > 0);
      if (truth.lost === 0) {
        whole++;
        if (broken.length > 0) falseAlarms++;
        continue;
      }
      const name = `${event.loss}, ${event.ids} left`;
      said[name] ??= { hops: 0, right: 0, unknown: 0, wrong: 0 };
      const row = said[name];
      row.hops++;
      if (broken.length === 0) missed++;
      else if (broken.some(({ fault }) => fault === EXPECTED[event.loss])) row.right++;
      else if (broken.every(({ fault }) => fault === 'unknown')) row.unknown++;
      else row.wrong++;
    }
  }
}
console.log(
  `${values.fleets} fleets, seed ${values.seed}, ${((performance.now() - began) / 1000).toFixed(0)} s`,
);
console.log(`whole hops: ${whole}, called broken: ${falseAlarms}; broken hops called whole: ${missed}`);
console.log('what was lost, and what was left'.padEnd(40), '  hops  right unknown  wrong');
for (const [name, { hops, right, unknown, wrong }] of Object.entries(said).sort(([a], [b]) =>
  a < b ? -1 : 1,
))
  console.log(name.padEnd(40), [hops, right, unknown, wrong].map((n) => String(n).padStart(6)).join(' '));
