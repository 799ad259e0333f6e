import { pathToFileURL } from 'node:url';
import type { Rules } from '@upshot/conventions';
import { openMemoryStore } from '@upshot/storage-memory';
import { safeText } from '@upshot/text';
import { CliError } from '../CliError.js';
import { type AsOf, lintStore } from './lintStore.js';
import { type Loaded, loadTelemetry } from './loadTelemetry.js';
import type { ProblemList } from './ProblemList.js';

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
  await lintStore(store, settledAsOf(now, rules), problems, (graph) => uriOf(graph, loaded));
}

/**
 * A recording has ended: what it lacks does not come any more, so it is asked about at a time when all that was expected is overdue.
 * Exceptions end by today's clock all the same.
 */
function settledAsOf(now: bigint, rules: Rules | null): AsOf {
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
