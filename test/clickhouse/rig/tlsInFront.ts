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

interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface TlsFront {
  readonly port: number;
  /** Shows another certificate from now on, and ends all connections. */
  show(pair: Pair): void;
}

/**
 * Speaks TLS for a server that can't, as a balancer in front of it does: what `clickhouse local` serves has no HTTPS. Ended with the test.
 */
export async function tlsInFront(
  address: string,
  pair: Pair = { cert: readFileSync(CERTIFICATE, 'utf8'), key: readFileSync(KEY, 'utf8') },
): Promise<TlsFront> {
  const [host, port] = address.split(':') as [string, string];
  const sockets = new Set<Socket>();
  const server = createServer(pair, (secure) => {
    const plain = connect(Number(port), host);
    for (const socket of [secure, plain]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    secure.pipe(plain).pipe(secure);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    drop();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    show: (other) => {
      server.setSecureContext(other);
      drop();
    },
  };
}
