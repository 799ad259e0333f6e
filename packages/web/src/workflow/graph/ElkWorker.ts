import type { ElkNode } from 'elkjs/lib/elk-api.js';
import ELK from 'elkjs/lib/elk-api.js';
import Worker from 'elkjs/lib/elk-worker.min.js?worker';

let elk: InstanceType<typeof ELK> | null = null;

/** ELK in its worker, which is started with the first graph and kept. */
export function layOut(graph: ElkNode): Promise<ElkNode> {
  elk ??= new ELK({ workerFactory: () => new Worker() });
  return elk.layout(graph);
}

/** Loads the worker before it is needed. */
export function warmElk(): void {
  void layOut({ id: 'warm', layoutOptions: { 'elk.algorithm': 'layered' }, children: [], edges: [] });
}
