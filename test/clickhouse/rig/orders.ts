import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowGraph } from '@upshot/model';
import { order } from '../../../packages/cli/test/fixtures/orders.js';
import type { Served } from '../../../packages/cli/test/fixtures/spawnUpshot.js';

/** Sends orders in one request. Resolves with whether they were acknowledged. */
export async function sendOrders(
  { otlpHttp }: Pick<Served, 'otlpHttp'>,
  numbers: readonly number[],
): Promise<boolean> {
  const response = await fetch(`${otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: numbers.flatMap((one) => order(one).resourceSpans) }),
  }).catch(() => null);
  await response?.arrayBuffer().catch(() => undefined);
  return response?.status === 200;
}

/** What a server says when it is asked for the workflow of an order. */
export interface OrderAnswer {
  /** null where the status is anything but 200. */
  readonly graph: WorkflowGraph | null;
  /** Status, code and message where it is. */
  readonly refusal: string | null;
}

export async function askForOrder({ ui }: Pick<Served, 'ui'>, number: number): Promise<OrderAnswer> {
  const response = await fetch(`${ui}/api/workflows/order_${number}`);
  const text = await response.text();
  return response.status === 200
    ? { graph: JSON.parse(text) as WorkflowGraph, refusal: null }
    : { graph: null, refusal: `${response.status} ${text}` };
}

/** The workflow of an order; null where the server answers anything but 200. */
export async function orderOf(server: Pick<Served, 'ui'>, number: number): Promise<WorkflowGraph | null> {
  return (await askForOrder(server, number)).graph;
}

/** Whether an order's three spans are there, each once. */
export function isWhole(graph: WorkflowGraph | null): boolean {
  return (
    graph?.truncated === null &&
    graph.steps.length === 1 &&
    graph.events.length === 1 &&
    graph.deliveries.length === 1 &&
    graph.attempts.length === 1
  );
}

/** For how long an answer may say of itself that it is a part: a shard that a busy machine keeps waiting. */
const PARTS_FOR_MS = 30_000;

/** The workflow of an order as soon as an answer does not say of itself that it is a part, or is refused. What then is missing is lost. */
export async function wholeAnswer(server: Pick<Served, 'ui'>, number: number): Promise<WorkflowGraph | null> {
  for (const end = Date.now() + PARTS_FOR_MS; ; ) {
    const graph = await orderOf(server, number);
    if ((graph !== null && graph.truncated === null) || Date.now() > end) return graph;
    await sleep(200);
  }
}
