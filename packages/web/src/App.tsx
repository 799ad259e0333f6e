import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Route, Switch } from 'wouter';
import { ApiFailure } from './api/client.js';
import {
  ConventionsPage,
  EventPage,
  FindingsPage,
  PropagationPage,
  TopologyPage,
  WorkflowPage,
} from './pages.js';
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

export function App() {
  return (
    <QueryClientProvider client={client}>
      <Shell>
        <Switch>
          <Route path="/">
            <WorkflowsPage />
          </Route>
          <Route path="/workflows">
            <WorkflowsPage />
          </Route>
          <Route path="/workflows/*">
            <WorkflowPage />
          </Route>
          <Route path="/events/*">
            <EventPage />
          </Route>
          <Route path="/topology">
            <TopologyPage />
          </Route>
          <Route path="/propagation">
            <PropagationPage />
          </Route>
          <Route path="/findings">
            <FindingsPage />
          </Route>
          <Route path="/conventions">
            <ConventionsPage />
          </Route>
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
      </Shell>
    </QueryClientProvider>
  );
}
