#!/usr/bin/env node
// Assembling alone: from stored rows of one workflow to its answer as JSON, by size and shape. No store, no network.
//   npm run build && node bench/assemble/run.mjs [--most 100000] [--times 3]
import { parseArgs } from 'node:util';
import { askWorkflow } from '@upshot/causality';
import { decodeExport } from '@upshot/receiver';

const { values } = parseArgs({
  options: { most: { type: 'string', default: '100000' }, times: { type: 'string', default: '3' } },
});
const most = Number(values.most);
const times = Number(values.times);

const NOW = BigInt(Date.now()) * 1_000_000n;
const hex = (n, length) => n.toString(16).padStart(length, '0');
const text = (key, value) => ({ key, value: { stringValue: value } });

/** Spans of one workflow of about `size` spans: an action, and what `grow` adds to it. */
function workflow(size, grow) {
  const spans = [];
  const add = (span) => {
    const n = spans.length;
    spans.push({
      traceId: hex(1, 32),
      spanId: hex(n + 1, 16),
      startTimeUnixNano: String(NOW - 600_000_000_000n + BigInt(n) * 10_000n),
      endTimeUnixNano: String(NOW - 600_000_000_000n + BigInt(n) * 10_000n + 5_000n),
      ...span,
    });
    return hex(n + 1, 16);
  };
  const about = (name, operation, id) => [
    text('messaging.system', 'kafka'),
    text('messaging.destination.name', name),
    text('messaging.operation.type', operation),
    text('messaging.message.id', id),
    text('messaging.message.conversation_id', 'order_1'),
  ];
  const publish = (name, parent) =>
    add({
      name: `send ${name}`,
      kind: 4,
      parentSpanId: parent,
      attributes: about(name, 'send', `evt-${spans.length}`),
    });
  const process = (name, parent, group, failed = false) =>
    add({
      name: `process ${name}`,
      kind: 5,
      parentSpanId: parent,
      attributes: [
        ...about(name, 'process', `evt-${Number.parseInt(parent, 16) - 1}`),
        text('messaging.consumer.group.name', group),
      ],
      ...(failed ? { status: { code: 2, message: 'HTTP 503' } } : {}),
    });
  const call = (parent) =>
    add({
      name: 'UPDATE stock',
      kind: 3,
      parentSpanId: parent,
      attributes: [text('db.system.name', 'postgresql')],
    });
  const root = add({ name: 'place-order', kind: 2, attributes: [] });
  grow({ size, spans, root, publish, process, call });
  return spans;
}

const SHAPES = {
  // one event, n consumers with a call each: a fan-out
  wide({ size, spans, root, publish, process, call }) {
    const event = publish('orders', root);
    for (let i = 0; spans.length < size; i++) call(process('orders', event, `consumer-${i}`, i % 100 === 0));
  },
  // every consumer publishes on to three others, some retry: what real workflows look like, only larger
  bushy({ size, spans, root, publish, process, call }) {
    const open = [root];
    for (let at = open.shift(); spans.length < size; at = open.shift()) {
      const event = publish('orders', at);
      for (const group of ['billing', 'stock', 'mail']) {
        if (group === 'billing') process('orders', event, group, true);
        const attempt = process('orders', event, group);
        call(attempt);
        open.push(attempt);
      }
    }
  },
  // each consumer publishes to one other: a chain as long as the workflow
  deep({ size, spans, root, publish, process }) {
    for (let at = root; spans.length < size; ) at = process('orders', publish('orders', at), 'billing');
  },
};

function batchesOf(spans) {
  const batches = [];
  for (let at = 0; at < spans.length; at += 5000) {
    const body = {
      resourceSpans: [
        {
          resource: { attributes: [text('service.name', 'shop')] },
          scopeSpans: [{ scope: { name: 'bench' }, spans: spans.slice(at, at + 5000) }],
        },
      ],
    };
    batches.push(decodeExport(Buffer.from(JSON.stringify(body)), 'json').spans);
  }
  return batches;
}

const concat = (columns) => {
  const out = new Uint8Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    out.set(column, at);
    at += column.length;
  }
  return out;
};

/** Several batches as the one that a store would have found. */
function merged(batches) {
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const dictionary = (name) => {
    const values = [];
    const indexes = new Uint32Array(rows);
    let row = 0;
    for (const batch of batches) {
      const base = values.length;
      values.push(...batch[name].values);
      for (const index of batch[name].indexes) indexes[row++] = base + index;
    }
    return { values, indexes };
  };
  const ends = new Uint32Array(rows);
  let row = 0;
  let base = 0;
  for (const { tails } of batches) {
    for (const end of tails.ends) ends[row++] = base + end;
    base += tails.bytes.length;
  }
  return {
    rows,
    ...Object.fromEntries(
      ['traceIds', 'spanIds', 'parentSpanIds', 'starts', 'durations', 'kinds', 'statuses', 'entries'].map(
        (name) => [name, concat(batches.map((batch) => batch[name]))],
      ),
    ),
    names: dictionary('names'),
    services: dictionary('services'),
    sources: dictionary('sources'),
    tails: { bytes: concat(batches.map(({ tails }) => tails.bytes)), ends },
    keys: { halves: new Uint32Array(0), ends: new Uint32Array(rows) },
  };
}

function answer(spans) {
  const asking = askWorkflow('order_1', { nowUnixNano: NOW, limit: 100_000 });
  let at = asking.next();
  // All rows at once, and then nothing more: one round of collecting and one that finds it complete.
  for (let first = true; !at.done; first = false) {
    at = asking.next({
      spans: first ? spans : NOTHING,
      records: [],
      logs: NOTHING,
      more: false,
      unavailable: [],
    });
  }
  return JSON.stringify(at.value);
}
const NOTHING = merged([]);

console.log(`Node ${process.version}, ${new Date().toISOString()}: node bench/assemble/run.mjs`);
console.log('shape      spans   best ms   µs/span   growth of µs/span   answer KB   heap MB');
for (const [shape, grow] of Object.entries(SHAPES)) {
  let before = null;
  for (let size = 100; size <= most; size *= 10) {
    const spans = workflow(size, grow);
    const rows = merged(batchesOf(spans));
    let best = Number.POSITIVE_INFINITY;
    let json = '';
    for (let i = 0; i < (size <= 1000 ? times * 10 : times); i++) {
      const start = performance.now();
      json = answer(rows);
      best = Math.min(best, performance.now() - start);
    }
    const each = (best * 1000) / spans.length;
    console.log(
      [
        shape.padEnd(6),
        String(spans.length).padStart(9),
        best.toFixed(1).padStart(9),
        each.toFixed(1).padStart(9),
        (before === null ? '–' : `×${(each / before).toFixed(2)}`).padStart(19),
        (json.length / 1024).toFixed(0).padStart(11),
        (process.memoryUsage().heapUsed / 2 ** 20).toFixed(0).padStart(9),
      ].join(' '),
    );
    before = each;
  }
}
