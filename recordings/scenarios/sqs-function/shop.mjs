/** `shop`: POST /orders sends the order to the queue `orders`. */
import http from 'node:http';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { context } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { say, serve } from '../../harness/service-protocol.mjs';
import { sqs, urlOf } from '../sqs-orders/aws-clients.mjs';

const server = http.createServer(async (request, response) => {
  const route = getRPCMetadata(context.active());
  if (route) route.route = '/orders';
  let orderId = '';
  for await (const chunk of request) orderId += chunk;
  const order = { QueueUrl: urlOf('orders'), MessageBody: JSON.stringify({ orderId }) };
  await sqs.send(new SendMessageCommand(order));
  response.writeHead(202).end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
say('listening', { url: `http://127.0.0.1:${server.address().port}/orders` });

await serve({
  close: async () => {
    server.close();
    server.closeAllConnections();
  },
});
