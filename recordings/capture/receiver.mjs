import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { decodeTraceRequest } from './protobuf.mjs';
import { mergeRequests } from './trace-document.mjs';

/**
 * A local OTLP/HTTP endpoint (JSON or protobuf, gzip or not) that keeps every export request it is sent.
 *
 * @returns {Promise<{ url: string, spanCount: () => number, document: () => object, close: () => Promise<void> }>}
 *   `url` is for OTEL_EXPORTER_OTLP_ENDPOINT; `document` merges all that came into one ExportTraceServiceRequest
 */
export async function startReceiver() {
  const requests = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const type = (request.headers['content-type'] ?? '').split(';')[0];
    if (request.url !== '/v1/traces') {
      response.writeHead(404).end();
    } else if (type === 'application/json') {
      requests.push(JSON.parse(body.toString('utf8')));
      response.writeHead(200, { 'content-type': type }).end('{}');
    } else {
      requests.push(decodeTraceRequest(body));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    spanCount: () =>
      mergeRequests(requests).resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans)).length,
    document: () => mergeRequests(requests),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
