import { call } from '../../api/client.js';

/** The workflow as `upshot show` prints it. */
export async function workflowText(key: string): Promise<string> {
  return (await call(`/api/workflows/${encodeURIComponent(key)}?format=text`)).text();
}
