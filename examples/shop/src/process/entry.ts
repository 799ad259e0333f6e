import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Order, orderOf } from '../Order.js';
import { type Publishing, publish } from './publishing.js';

/** Where customers order. */
export interface Entry {
  readonly url: string;
  close(): Promise<void>;
}

const MOST_BYTES = 64 * 1024;
const CUSTOMERS = ['ada', 'grace', 'edsger'];

/** `POST /orders` takes an order, whatever of it is given, and begins its workflow: 202 with the order. */
export async function openEntry({ port, ...publishing }: Publishing & { port: number }): Promise<Entry> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
    // Pages of other sites may send such requests, too.
    if (request.headers.origin !== undefined) return answer(403, { error: 'not from a web page' });
    if (request.method !== 'POST' || request.url !== '/orders')
      return answer(404, { error: 'POST /orders takes an order' });
    ordered(request, publishing).then(
      (order) => answer(202, order),
      (error: unknown) =>
        answer(error instanceof TypeError || error instanceof SyntaxError ? 400 : 503, {
          error: error instanceof Error ? error.message : String(error),
        }),
    );
    return undefined;
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function ordered(request: IncomingMessage, publishing: Publishing): Promise<Order> {
  const given = JSON.parse((await textOf(request)) || '{}') as object;
  const id = `order_${randomUUID().slice(0, 8)}`;
  const customer = CUSTOMERS[Math.floor(Math.random() * CUSTOMERS.length)];
  const order = orderOf({ id, item: 'mechanical keyboard', amount: 89, customer, ...given });
  const { upshot } = publishing;
  // The action that everything follows from. Its number is the workflow's ID, over whatever it leads to.
  await upshot.workflow(order.id, () => publish('orders', order, publishing), { name: 'place-order' });
  return order;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > MOST_BYTES) throw new TypeError(`an order has at most ${MOST_BYTES} characters`);
  }
  return text;
}
