/** `checkout`: POST /checkout publishes the order's parts to `orders`, keyed by the order, in one send. */
import http from 'node:http';
import { context } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { say, serve } from '../../harness/service-protocol.mjs';
import { connectKafka } from '../kafka-client.mjs';

const kafka = connectKafka('checkout');
const producer = kafka.producer();
await producer.connect();

const server = http.createServer(async (request, response) => {
  const route = getRPCMetadata(context.active());
  if (route) route.route = '/checkout';
  let body = '';
  for await (const chunk of request) body += chunk;
  const { orderId, parts } = JSON.parse(body);
  await producer.send({
    topic: 'orders',
    messages: parts.map((part) => ({ key: orderId, value: JSON.stringify({ orderId, part }) })),
  });
  response.writeHead(202).end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
say('listening', { url: `http://127.0.0.1:${server.address().port}/checkout` });

await serve({
  close: async () => {
    server.close();
    server.closeAllConnections();
    await producer.disconnect();
  },
});
