import { useNodesInitialized, useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';

/** Shows the whole each time that all was laid out anew. */
export function FitOnce({ round }: { readonly round: number }) {
  const flow = useReactFlow();
  const isReady = useNodesInitialized();
  useEffect(() => {
    if (round > 0 && isReady) void flow.fitView({ padding: 0.08, maxZoom: 1 });
  }, [round, isReady, flow]);
  return null;
}
