import { later } from './shell/later.js';
import { GraphLater, warmGraph } from './workflow/graph/graphLater.js';

const WAITING = <div className="notice quiet">Loading the page</div>;

export const WorkflowPage = later(
  async () => (await import('./workflow/WorkflowPage.js')).WorkflowPage,
  WAITING,
);
export const EventPage = later(async () => (await import('./event/EventPage.js')).EventPage, WAITING);
export const TopologyPage = later(
  async () => (await import('./topology/TopologyPage.js')).TopologyPage,
  WAITING,
);
export const PropagationPage = later(
  async () => (await import('./propagation/PropagationPage.js')).PropagationPage,
  WAITING,
);
export const FindingsPage = later(
  async () => (await import('./findings/FindingsPage.js')).FindingsPage,
  WAITING,
);
export const ConventionsPage = later(
  async () => (await import('./conventions/ConventionsPage.js')).ConventionsPage,
  WAITING,
);

/** Loads what most readers need next while nobody waits: the graph and its layout are most of all script. */
export function warmWorkflow(): void {
  const ignored = () => {};
  WorkflowPage.preload().catch(ignored);
  GraphLater.preload().catch(ignored);
  warmGraph().catch(ignored);
}
