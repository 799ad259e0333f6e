import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultText, parseFault } from './faults/Fault.js';
import type { Shop } from './Shop.js';

const MOST_BYTES = 64 * 1024;

/**
 * Faults at run time, over HTTP on this machine: `GET /faults` lists them, one a line; `PUT /faults` replaces them, `POST /faults` adds to them, `DELETE /faults`
 * heals the shop.
 */
export async function openControls(shop: Shop, port = 0): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = (status: number, text: string) =>
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    // Pages of other sites may send such requests, too.
    if (request.headers.origin !== undefined) return answer(403, 'not from a web page');
    const list = () => shop.faults.map(faultText).join('\n');
    if (request.url !== '/faults') return answer(404, 'GET, PUT, POST or DELETE /faults');
    if (request.method === 'GET') return answer(200, list());
    changed(shop, request).then(
      () => answer(200, list()),
      (error: unknown) => answer(error instanceof TypeError ? 400 : 500, String((error as Error).message)),
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

async function changed(shop: Shop, request: IncomingMessage): Promise<void> {
  const { method } = request;
  if (method !== 'PUT' && method !== 'POST' && method !== 'DELETE')
    throw new TypeError('GET, PUT, POST or DELETE /faults');
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > MOST_BYTES) throw new TypeError(`at most ${MOST_BYTES} characters of faults`);
  }
  const given = text.split(/\s+/).filter((one) => one !== '');
  const faults = given.map(parseFault);
  if (method === 'DELETE') await shop.setFaults([]);
  else await shop.setFaults(method === 'POST' ? [...shop.faults, ...faults] : faults);
}
