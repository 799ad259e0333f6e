/** `carrier-api`: the carrier's web API, which is down for one order. */
import http from 'node:http';
import { context } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { say, serve } from '../../harness/service-protocol.mjs';

const DOWN_FOR = 'o-9003';

const server = http.createServer(async (request, response) => {
  const route = getRPCMetadata(context.active());
  if (route) route.route = '/parcels';
  let orderId = '';
  for await (const chunk of request) orderId += chunk;
  response.writeHead(orderId === DOWN_FOR ? 503 : 201).end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
say('listening', { url: `http://127.0.0.1:${server.address().port}/parcels` });

await serve({
  close: async () => {
    server.close();
    server.closeAllConnections();
  },
});
