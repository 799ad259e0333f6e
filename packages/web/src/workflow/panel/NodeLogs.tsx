import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import { LogPart } from './LogPart.js';
import { type LoggedNode, logsOf } from './logLines.js';
import { readLogs } from './readLogs.js';

/** The log records of what is selected: the gravest, which came with the answer, and on demand all. */
export function NodeLogs({
  index,
  nodes,
}: {
  readonly index: WorkflowIndex;
  readonly nodes: readonly LoggedNode[];
}) {
  const [isAll, setAll] = useState(false);
  const { key } = index.graph;
  const all = useQuery({
    queryKey: ['logs', key, ...nodes.map(({ id }) => id)],
    queryFn: ({ signal }) => readLogs(key, nodes, signal),
    enabled: isAll,
    staleTime: 60_000,
  });
  const shown = isAll && all.data ? { lines: all.data.lines, omitted: 0 } : logsOf(nodes);
  return (
    <LogPart {...shown} start={index.start} showAll={() => setAll(true)} note={isAll ? noteOf(all) : null} />
  );
}

function noteOf({
  data,
  error,
}: {
  readonly data: { readonly isWhole: boolean } | undefined;
  readonly error: Error | null;
}): string | null {
  if (data) return data.isWhole ? null : 'This workflow has more log records than this page reads.';
  return error ? `The log records could not be read: ${error.message}` : 'Reading all log records';
}
