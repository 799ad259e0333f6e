import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A certificate for localhost and 127.0.0.1 that vouches for itself. */
export const CERTIFICATE = fileURLToPath(
  new URL('../../../packages/receiver/test/fixtures/localhost.cert.pem', import.meta.url),
);
const KEY = CERTIFICATE.replace('.cert.pem', '.key.pem');

/**
 * Speaks TLS for a server that can't, as a balancer in front of it does: what `clickhouse local` serves has no HTTPS. Resolves with its port. Ended with the test.
 */
export async function tlsInFront(address: string): Promise<number> {
  const [host, port] = address.split(':') as [string, string];
  const sockets = new Set<Socket>();
  const server = createServer({ cert: readFileSync(CERTIFICATE), key: readFileSync(KEY) }, (secure) => {
    const plain = connect(Number(port), host);
    for (const socket of [secure, plain]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    secure.pipe(plain).pipe(secure);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
