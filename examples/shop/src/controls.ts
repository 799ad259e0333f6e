import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultText, parseFault } from './faults/Fault.js';
import type { Shop } from './Shop.js';
import { isServiceName, SERVICE_NAMES } from './services/readers.js';

const MOST_BYTES = 64 * 1024;

/**
 * Faults at run time, over HTTP on this machine: `GET /faults` lists them, one a line; `PUT /faults` replaces them, `POST /faults` adds to them, `DELETE /faults`
 * heals the shop. `POST /replays` has the dead letters of the services that it names sent to them again.
 */
export async function openControls(shop: Shop, port = 0): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = (status: number, text: string) =>
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    // Pages of other sites may send such requests, too.
    if (request.headers.origin !== undefined) return answer(403, 'not from a web page');
    const list = () => shop.faults.map(faultText).join('\n');
    const later = (done: Promise<string>) => {
      done.then(
        (text) => answer(200, text),
        (error: unknown) => answer(error instanceof TypeError ? 400 : 500, String((error as Error).message)),
      );
    };
    if (request.url === '/replays' && request.method === 'POST') return later(replayed(shop, request));
    if (request.url !== '/faults') return answer(404, 'GET, PUT, POST or DELETE /faults; POST /replays');
    if (request.method === 'GET') return answer(200, list());
    return later(changed(shop, request).then(list));
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
  const faults = (await wordsOf(request)).map(parseFault);
  if (method === 'DELETE') await shop.setFaults([]);
  else await shop.setFaults(method === 'POST' ? [...shop.faults, ...faults] : faults);
}

async function replayed(shop: Shop, request: IncomingMessage): Promise<string> {
  const services = await wordsOf(request);
  const known = SERVICE_NAMES.join(', ');
  if (services.length === 0)
    throw new TypeError(`name a service whose dead letters are to be replayed: ${known}`);
  const lines: string[] = [];
  for (const service of services) {
    if (!isServiceName(service))
      throw new TypeError(`there is no service ${JSON.stringify(service)}: known are ${known}`);
    lines.push(`${service}: ${await shop.replay(service)} replayed`);
  }
  return lines.join('\n');
}

async function wordsOf(request: IncomingMessage): Promise<string[]> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > MOST_BYTES) throw new TypeError(`at most ${MOST_BYTES} characters`);
  }
  return text.split(/\s+/).filter((one) => one !== '');
}
