import { setTimeout as sleep } from 'node:timers/promises';
import { SPANS_PER_WORKFLOW, workflowBatch } from './workflowBatches.mjs';

/** Rows of one write, and of one batch in it: what group commit hands over under load. */
const GROUP_ROWS = 32_768;
const BATCH_ROWS = 512;
const SPANS_PER_SECOND = 20_000n;
const SAMPLE = 2_000;

/** Writes so many spans as fast as the store takes them; prints what that cost; returns IDs to look up. */
export async function fill(store, spans) {
  const groups = Math.ceil(spans / GROUP_ROWS);
  const rows = groups * GROUP_ROWS;
  const step = (1_000_000_000n * BigInt(SPANS_PER_WORKFLOW)) / SPANS_PER_SECOND;
  const begin = BigInt(Date.now()) * 1_000_000n - (BigInt(rows) * 1_000_000_000n) / SPANS_PER_SECOND;
  const group = (g) => {
    const made = [];
    for (let row = 0; row < GROUP_ROWS; row += BATCH_ROWS) {
      const serial = (g * GROUP_ROWS + row) / SPANS_PER_WORKFLOW;
      made.push(workflowBatch(BATCH_ROWS / SPANS_PER_WORKFLOW, begin + BigInt(serial) * step, step, serial));
    }
    return made;
  };
  const generating = calibrate(group);

  const ids = [];
  let peak = 0;
  let writing = 0;
  const cpuBefore = process.cpuUsage();
  for (let g = 0; g < groups; g++) {
    const made = group(g);
    for (const one of made) if (Math.random() < (SAMPLE * BATCH_ROWS) / rows) ids.push(one.ids[0]);
    const started = performance.now();
    await store.write({ spans: made.map(({ batch }) => batch), records: [] });
    writing += performance.now() - started;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const { bytes } = await store.statistics();
  // What is still being merged belongs to the cost.
  await sleep(10_000);
  const cpu = process.cpuUsage(cpuBefore);
  const after = await store.statistics();
  const perRow = (cpu.user + cpu.system) / rows - generating;
  console.log(
    [
      `insert: ${perRow.toFixed(2)} µs CPU a row, merges included (${generating.toFixed(2)} µs of generating taken off)`,
      `        ${((writing * 1000) / rows).toFixed(2)} µs wall a row in writes of ${GROUP_ROWS.toLocaleString('en')}: ${Math.round(rows / writing)} k rows/s durable`,
      `        ${(after.bytes / after.spans).toFixed(1)} B/span in active parts (${(bytes / after.spans).toFixed(1)} as the last write ended)`,
      `        RSS at most ${Math.round(peak / 1e6)} MB, the generator's included`,
    ].join('\n'),
  );
  const newest = (await store.entries({ limit: 1 }))[0].timeUnixNano;
  return { ids, begin, newest };
}

/** Microseconds of CPU that generating a row costs, measured while nothing else runs. */
function calibrate(group) {
  for (let g = 0; g < 5; g++) group(g);
  const before = process.cpuUsage();
  for (let g = 0; g < 10; g++) group(g);
  const cpu = process.cpuUsage(before);
  return (cpu.user + cpu.system) / (10 * GROUP_ROWS);
}
