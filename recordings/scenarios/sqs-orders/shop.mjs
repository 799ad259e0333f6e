/** `shop`: POST /orders publishes the order to the topic `orders`. */
import http from 'node:http';
import { PublishCommand } from '@aws-sdk/client-sns';
import { context } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { say, serve } from '../../harness/service-protocol.mjs';
import { sns } from './aws-clients.mjs';

const server = http.createServer(async (request, response) => {
  const route = getRPCMetadata(context.active());
  if (route) route.route = '/orders';
  let orderId = '';
  for await (const chunk of request) orderId += chunk;
  const message = { TopicArn: process.env.TOPIC_ARN, Message: JSON.stringify({ orderId }) };
  await sns.send(new PublishCommand(message));
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
