/** `shop`: POST /orders adds one job `charge` per order to queue `orders`: one by `add`, more by `addBulk`. */
import http from 'node:http';
import { context } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { Queue } from 'bullmq';
import { say, serve } from '../../harness/service-protocol.mjs';
import { retrying, shared } from './queues.mjs';

const orders = new Queue('orders', shared());
await orders.waitUntilReady();

const server = http.createServer(async (request, response) => {
  const route = getRPCMetadata(context.active());
  if (route) route.route = '/orders';
  let body = '';
  for await (const chunk of request) body += chunk;
  const orderIds = JSON.parse(body);
  const jobs = orderIds.map((orderId) => ({ name: 'charge', data: { orderId }, opts: retrying }));
  if (jobs.length === 1) await orders.add(jobs[0].name, jobs[0].data, jobs[0].opts);
  else await orders.addBulk(jobs);
  response.writeHead(202).end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
say('listening', { url: `http://127.0.0.1:${server.address().port}/orders` });

await serve({
  close: async () => {
    server.close();
    server.closeAllConnections();
    await orders.close();
  },
});
