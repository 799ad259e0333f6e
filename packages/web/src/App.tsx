import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ComponentType, lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { ApiFailure } from './api/client.js';
import { Shell } from './shell/Shell.js';
import { WorkflowsPage } from './workflows/WorkflowsPage.js';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What the server refuses it refuses again; what did not reach it may the next time.
      retry: (count, error) =>
        count < 3 && !(error instanceof ApiFailure && error.status >= 400 && error.status < 500),
      refetchOnWindowFocus: false,
    },
  },
});

const page = (load: () => Promise<ComponentType>) => lazy(async () => ({ default: await load() }));
const WorkflowPage = page(async () => (await import('./workflow/WorkflowPage.js')).WorkflowPage);
const EventPage = page(async () => (await import('./event/EventPage.js')).EventPage);
const TopologyPage = page(async () => (await import('./topology/TopologyPage.js')).TopologyPage);
const PropagationPage = page(async () => (await import('./propagation/PropagationPage.js')).PropagationPage);
const FindingsPage = page(async () => (await import('./findings/FindingsPage.js')).FindingsPage);
const ConventionsPage = page(async () => (await import('./conventions/ConventionsPage.js')).ConventionsPage);

export function App() {
  return (
    <QueryClientProvider client={client}>
      <Shell>
        <Suspense fallback={<div className="notice quiet">Loading the page</div>}>
          <Switch>
            <Route path="/" component={WorkflowsPage} />
            <Route path="/workflows" component={WorkflowsPage} />
            <Route path="/workflows/*" component={WorkflowPage} />
            <Route path="/events/*" component={EventPage} />
            <Route path="/topology" component={TopologyPage} />
            <Route path="/propagation" component={PropagationPage} />
            <Route path="/findings" component={FindingsPage} />
            <Route path="/conventions" component={ConventionsPage} />
            <Route>
              <div className="notice">
                <h1>There is no such page</h1>
                <p>
                  The pages stand in the bar above. An ID of any kind goes into the search box: press{' '}
                  <kbd>/</kbd>
                </p>
              </div>
            </Route>
          </Switch>
        </Suspense>
      </Shell>
    </QueryClientProvider>
  );
}
