import { SPANS_PER_WORKFLOW, workflowBatch } from './workflowBatches.mjs';

const INTERVAL_MS = 100;

/** Writes so many spans a second, ten groups a second, until the function that it returns is called; that tells what was written. */
export function pace(store, spansPerSecond) {
  const workflows = Math.round((spansPerSecond * INTERVAL_MS) / 1000 / SPANS_PER_WORKFLOW);
  const started = performance.now();
  let serial = 1e9;
  let rows = 0;
  let late = 0;
  let stopped = false;
  const writing = (async () => {
    for (let n = 1; !stopped; n++) {
      const { batch } = workflowBatch(workflows, BigInt(Date.now()) * 1_000_000n, 1_000_000n, serial);
      serial += workflows;
      await store.write({ spans: [batch], records: [] });
      rows += batch.rows;
      const ahead = started + n * INTERVAL_MS - performance.now();
      if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
      else late = Math.max(late, -ahead);
    }
  })();
  return async () => {
    stopped = true;
    await writing;
    const perSecond = Math.round(rows / ((performance.now() - started) / 1000));
    return `\nwritten beside: ${perSecond.toLocaleString('en')} spans/s, at most ${Math.round(late)} ms behind; RSS ${Math.round(process.memoryUsage.rss() / 1e6)} MB`;
  };
}
