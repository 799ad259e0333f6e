/** `shop`: POST /order publishes one message to `orders`, keyed by the order. */
import http from 'node:http';
import { context } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { say, serve } from '../../harness/service-protocol.mjs';
import { connectKafka } from '../kafka-client.mjs';

const producer = connectKafka('shop').producer();
await producer.connect();

const server = http.createServer(async (request, response) => {
  const route = getRPCMetadata(context.active());
  if (route) route.route = '/order';
  let orderId = '';
  for await (const chunk of request) orderId += chunk;
  await producer.send({ topic: 'orders', messages: [{ key: orderId, value: JSON.stringify({ orderId }) }] });
  response.writeHead(202).end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
say('listening', { url: `http://127.0.0.1:${server.address().port}/order` });

await serve({
  close: async () => {
    server.close();
    server.closeAllConnections();
    await producer.disconnect();
  },
});
