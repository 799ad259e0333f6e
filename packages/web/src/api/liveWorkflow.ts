import type { WorkflowGraph } from '@upshot/model';
import { ApiFailure, call } from './client.js';

export interface LiveHandlers {
  graph(graph: WorkflowGraph): void;
  /** The stream runs, or broke and will be opened again. */
  connected(isConnected: boolean): void;
  /** It makes no sense to go on. */
  failed(failure: ApiFailure): void;
}

/** Nodes of a graph: enough for ten thousand branches with their events and some retries. Of more, the rest is told by its number. */
const MOST_NODES = 50_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8000;

/**
 * Follows a workflow until the returned function is called. Reads server-sent events from a fetch and not from an EventSource, which can carry
 * no token. A stream that breaks is opened again, ever more slowly.
 */
export function followWorkflow(key: string, handlers: LiveHandlers): () => void {
  const ending = new AbortController();
  void follow(key, handlers, ending.signal);
  return () => ending.abort();
}

async function follow(key: string, handlers: LiveHandlers, signal: AbortSignal): Promise<void> {
  let pause = FIRST_RETRY_MS;
  while (!signal.aborted) {
    try {
      const response = await call(`/api/workflows/${encodeURIComponent(key)}/live?limit=${MOST_NODES}`, {
        signal,
      });
      handlers.connected(true);
      for await (const data of dataOf(response)) {
        pause = FIRST_RETRY_MS;
        handlers.graph(JSON.parse(data) as WorkflowGraph);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiFailure && error.status >= 400 && error.status < 500) {
        handlers.failed(error);
        return;
      }
    }
    if (signal.aborted) return;
    handlers.connected(false);
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, LAST_RETRY_MS);
  }
}

/** The data of each event of a stream (HTML standard, 9.2.6), without names and IDs, of which this API uses none. */
async function* dataOf(response: Response): AsyncGenerator<string> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const parts: string[] = [];
  let data: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (!value.includes('\n')) {
      parts.push(value);
      continue;
    }
    const lines = (parts.join('') + value).split('\n');
    parts.length = 0;
    parts.push(lines.pop() ?? '');
    for (const line of lines) {
      if (line === '' || line === '\r') {
        if (data.length > 0) yield data.join('\n');
        data = [];
      } else if (line.startsWith('data:')) {
        data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
      }
    }
  }
}
