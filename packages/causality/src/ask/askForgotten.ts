import { Collection } from '../collect/Collection.js';
import { contextKey } from '../graph/nodes.js';
import type { Asking, AskOptions } from './Asking.js';
import { collectByKey } from './askWorkflow.js';
import { logsOf } from './findLogs.js';
import { classesOf } from './findNodes.js';

interface Context {
  readonly traceId: string;
  readonly spanId: string;
}

/** What goes where one workflow is forgotten. */
export interface Forgotten {
  readonly key: string;
  readonly traceIds: readonly string[];
  /** When any part of it began, shared ones too: at one of these moments each of its notes lies. Unix nanoseconds. */
  readonly times: readonly bigint[];
  /** Spans that belong to this workflow alone. */
  readonly spans: readonly Context[];
  /** Identities of its event records. */
  readonly records: readonly string[];
  readonly logs: readonly (Context & { readonly timeUnixNano: bigint; readonly tail: Uint8Array })[];
  /**
   * Spans that other workflows share, like that of a batch: they stay, but for their links to spans that go, and for links that name events that go.
   */
  readonly shared: readonly Context[];
  readonly eventIds: readonly string[];
  /** Whether there is more of it than was read: then it is asked for again when this is gone. */
  readonly isPart: boolean;
}

/** What of the store belongs to one workflow and to no other. `several`: the key names a part that several share. Null where nothing is known of it. */
export function* askForgotten(key: string, _options: AskOptions): Asking<Forgotten | 'several' | null> {
  const collection = new Collection();
  const found = yield* collectByKey(collection, key);
  if (found === null) return null;
  const { workflow, collected } = found;
  const { graph, partition } = collected;
  const [own, ...others] = classesOf(collected, workflow.members);
  if (own === undefined || others.length > 0) return 'several';
  const { members } = workflow;
  const spans = new Map<string, Context>();
  const shared = new Map<string, Context>();
  const records = new Set<string>();
  const times = new Set<bigint>();
  for (const [reading, nodes] of graph.nodesOf) {
    if (!nodes.some((node) => members.has(node) && partition.classOf(node) === own)) continue;
    const { traceId, spanId, startTimeUnixNano } = reading.span;
    times.add(startTimeUnixNano);
    const isOwn = nodes.every((node) => members.has(node) && partition.classOf(node) === own);
    if (reading.stored) (isOwn ? spans : shared).set(contextKey(reading.span), { traceId, spanId });
    if (!isOwn) continue;
    for (const { identity, record } of reading.records) {
      records.add(identity);
      times.add(BigInt(record.startTimeUnixNano));
    }
  }
  const eventIds = new Set<string>();
  for (const event of workflow.events) {
    if (partition.classOf(event) !== own) continue;
    times.add(event.time);
    for (const { identity, record } of event.records) {
      records.add(identity);
      times.add(BigInt(record.startTimeUnixNano));
    }
    if (event.eventId !== null) eventIds.add(event.eventId);
  }
  for (const { identity, record } of graph.draft.fates) {
    if (!eventIds.has(record.eventId)) continue;
    records.add(identity);
    times.add(BigInt(record.startTimeUnixNano));
  }
  const logs = [...(yield* logsOf(workflow, collected)).values()].flat().map(({ log }) => log);
  return {
    key: workflow.key,
    traceIds: workflow.traceIds,
    times: [...times],
    spans: [...spans.values()],
    records: [...records],
    logs: logs.map(({ traceId, spanId, timeUnixNano, tail }) => ({ traceId, spanId, timeUnixNano, tail })),
    shared: [...shared.values()],
    eventIds: [...eventIds],
    isPart: collection.incomplete !== null,
  };
}
