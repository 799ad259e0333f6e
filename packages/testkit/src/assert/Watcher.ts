import type { WorkflowGraph } from '@upshot/model';
import { lostHops } from '../report/lostHops.js';
import type { Answers } from '../store/Answers.js';
import type { WatchedIngest } from '../store/WatchedIngest.js';
import { failure } from './failure.js';
import { milliseconds } from './milliseconds.js';
import type { Verdict } from './Verdict.js';

export interface Watched {
  readonly answers: Answers;
  readonly ingest: WatchedIngest;
  readonly within: string | number;
  /** Brings in what services of this process have not sent yet. */
  readonly flush: () => Promise<void>;
}

/** How an assertion waits. Durations are `5s`, or milliseconds. */
export interface Waiting {
  /** By when it must hold; by default `5s`, or what `startTestUpshot` was told. */
  readonly within?: string | number;
  /** What later telemetry could still refute must hold, with nothing coming in, for so long; by default `300ms`. */
  readonly settle?: string | number;
}

/** Longer than the 100 ms that an SDK gathers records for, and most of the 500 ms that sdk-node gathers spans of another process for. */
const SETTLE = '300ms';
/** Exporters of this process that gather spans are asked for them so often while a test waits. */
const FLUSH_EVERY_MS = 100;

/** Asks anew whenever telemetry has come in, until a workflow is as it must be or the time is over. */
export async function watch(
  key: string,
  { answers, ingest, within: usual, flush }: Watched,
  { within = usual, settle = SETTLE }: Waiting,
  judge: (graph: WorkflowGraph, all: () => Promise<WorkflowGraph[]>) => Verdict | Promise<Verdict>,
): Promise<void> {
  const [withinMs, settleMs] = [milliseconds('within', within), milliseconds('settle', settle)];
  const deadline = performance.now() + withinMs;
  for (;;) {
    await flush();
    const seen = ingest.writes;
    const graph = await answers.workflow(key);
    const verdict = graph === null ? null : await judge(graph, () => answers.all());
    const left = deadline - performance.now();
    let wait = Math.min(left, FLUSH_EVERY_MS);
    if (verdict?.holds === true) {
      const unrest = settleMs - (performance.now() - ingest.writtenAt);
      if (verdict.isFinal === true || unrest <= 0 || left <= 0) return;
      wait = Math.min(wait, unrest);
    } else if (left <= 0) {
      const all = await answers.all();
      throw failure(key, { graph, verdict, all, lost: graph === null ? [] : lostHops(graph, all), within });
    }
    await ingest.change(seen, Math.max(1, wait));
  }
}
