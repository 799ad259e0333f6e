#!/usr/bin/env node
// Assembling alone: from stored rows of one workflow to its answer as JSON, by size and shape. No store, no network.
//   npm run build && node bench/assemble/run.mjs [--most 100000] [--times 3]
import { parseArgs } from 'node:util';
import { askWorkflow } from '@upshot/causality';
import { decodeExport } from '@upshot/receiver';
import { NOW, SHAPES, text, workflow } from './shapes.mjs';

const { values } = parseArgs({
  options: { most: { type: 'string', default: '100000' }, times: { type: 'string', default: '3' } },
});
const most = Number(values.most);
const times = Number(values.times);

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
