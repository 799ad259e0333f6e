import { replaceEqualDeep, useQueryClient } from '@tanstack/react-query';
import type { WorkflowGraph } from '@upshot/model';
import { useEffect, useState } from 'react';
import type { ApiFailure } from '../api/client.js';
import { followWorkflow } from '../api/liveWorkflow.js';

export interface Followed {
  readonly graph: WorkflowGraph | null;
  readonly failure: ApiFailure | null;
  /** null: not yet known. */
  readonly isConnected: boolean | null;
}

const NOTHING: Followed = { graph: null, failure: null, isConnected: null };

/** A workflow as it is now and becomes. The first answer of the stream is the first thing that is drawn; nothing else is asked for. */
export function useWorkflow(key: string): Followed {
  const client = useQueryClient();
  const [state, setState] = useState<Followed & { readonly key: string }>({ key, ...NOTHING });
  useEffect(() => {
    const known = client.getQueryData<WorkflowGraph>(['workflow', key]) ?? null;
    setState({ key, ...NOTHING, graph: known });
    return followWorkflow(key, {
      graph: (next) => {
        // What did not change keeps its identity: a summary that counts seconds draws no graph anew.
        const graph = replaceEqualDeep(client.getQueryData<WorkflowGraph>(['workflow', key]), next);
        client.setQueryData(['workflow', key], graph);
        setState((now) => ({ ...now, graph, failure: null }));
      },
      connected: (isConnected) => setState((now) => ({ ...now, isConnected })),
      failed: (failure) => setState((now) => ({ ...now, failure })),
    });
  }, [client, key]);
  return state.key === key ? state : NOTHING;
}
