import { pathToFileURL } from 'node:url';
import { type Asking, askWorkflowsAt } from '@upshot/causality';
import type { Rules } from '@upshot/conventions';
import type { EntryPoint } from '@upshot/model';
import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { safeText } from '@upshot/text';
import { CliError } from '../CliError.js';
import { type Loaded, loadTelemetry } from './loadTelemetry.js';
import type { ProblemList } from './ProblemList.js';

/** Entry points whose workflows are assembled at a time: enough to share look-ups, and no more in memory than that. */
const CHUNK = 500;
const ALL = 1_000_000;
/** Whole graphs: findings are of the whole workflow, and so are the nodes that they name. */
const WHOLE = 100_000;

/** Looks at the workflows of recordings, taken together: a trace may stand in several files. `note` hears of what was refused. */
export async function lintFiles(
  files: readonly string[],
  rules: Rules | null,
  problems: ProblemList,
  note: (line: string) => void,
): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const store = openMemoryStore();
  const loaded = new Map<string, Loaded>();
  for (const file of files) {
    const one = await loadTelemetry(file, store, now);
    if (one.rows === 0) throw new CliError(`${safeText(file)} holds no telemetry${reasons(one)}`);
    for (const reason of one.refused) note(`${safeText(file)}: some was refused: ${safeText(reason)}`);
    loaded.set(file, one);
  }
  const options = { ...settledAsOf(now, rules), limit: WHOLE };
  const entries = await store.entries({ limit: ALL });
  for (let at = 0; at < entries.length; at += CHUNK) {
    const chunk: EntryPoint[] = entries.slice(at, at + CHUNK);
    for (const graph of await driven(store, askWorkflowsAt(chunk, options)))
      problems.add(graph, uriOf(graph, loaded));
  }
}

/**
 * A recording has ended: what it lacks does not come any more, so it is asked about at a time when all that was expected is overdue.
 * Exceptions end by today's clock all the same.
 */
function settledAsOf(now: bigint, rules: Rules | null): { nowUnixNano: bigint; conventions: Rules | null } {
  if (rules === null) return { nowUnixNano: now, conventions: null };
  const nowMs = Number(now / 1_000_000n);
  const longest = Math.max(0, ...rules.expectedConsumers.map(({ withinMs }) => withinMs));
  const exceptions = rules.exceptions
    .filter(({ endMs }) => nowMs < endMs)
    .map((exception) => ({ ...exception, endMs: Number.MAX_SAFE_INTEGER }));
  return {
    nowUnixNano: now + BigInt(longest + 1) * 1_000_000n,
    conventions: { ...rules, exceptions },
  };
}

/** The file in which a workflow stands; the first, where its parts are in several. */
function uriOf(
  { traceIds, events }: { traceIds: readonly string[]; events: readonly { eventId: string | null }[] },
  loaded: ReadonlyMap<string, Loaded>,
): string {
  const ids = [...traceIds, ...events.flatMap(({ eventId }) => eventId ?? [])];
  const files = [...loaded.keys()];
  const file = files.find((one) => ids.some((id) => loaded.get(one)!.ids.has(id))) ?? files[0]!;
  return relativeUri(file);
}

/** As a URI relative to where the command runs, as code-scanning services want it; absolute where it lies elsewhere. */
function relativeUri(file: string): string {
  const uri = pathToFileURL(file).href;
  const base = `${pathToFileURL('.').href}/`;
  return uri.startsWith(base) ? uri.slice(base.length) : uri;
}

function reasons({ refused }: Loaded): string {
  return refused.length === 0 ? '' : `: ${safeText(refused[0]!)}`;
}

async function driven<Answer>(store: Store, asking: Asking<Answer>): Promise<Answer> {
  let step = asking.next();
  while (!step.done) step = asking.next(await store.find(step.value));
  return step.value;
}
