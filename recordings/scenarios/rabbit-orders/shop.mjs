/** `shop`: POST /orders publishes `order.created`; the correlation ID is the order's number. */
import http from 'node:http';
import { context } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { say, serve } from '../../harness/service-protocol.mjs';
import { connectRabbit, publish } from './amqp-client.mjs';

const { connection, channel } = await connectRabbit();

const server = http.createServer(async (request, response) => {
  const route = getRPCMetadata(context.active());
  if (route) route.route = '/orders';
  let orderId = '';
  for await (const chunk of request) orderId += chunk;
  await publish(channel, 'orders', 'order.created', { orderId }, orderId);
  response.writeHead(202).end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
say('listening', { url: `http://127.0.0.1:${server.address().port}/orders` });

await serve({
  close: async () => {
    server.close();
    server.closeAllConnections();
    await connection.close();
  },
});
