import { later } from '../../shell/later.js';

/** The graph, whose code is loaded when it is first needed. */
export const GraphLater = later(async () => (await import('./GraphView.js')).GraphView);

/** Starts the worker that lays graphs out. */
export async function warmGraph(): Promise<void> {
  (await import('./ElkWorker.js')).warmElk();
}
