import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

export interface NarrowFront {
  readonly port: number;
  /** Bytes a second that pass towards the server from now on, all connections together. */
  widen(bytesPerSecond: number): void;
}

/** A line to a server that lets so much pass and no more, each piece 20 ms late. Ended with the test. */
export async function narrowInFront(address: string, bytesPerSecond: number): Promise<NarrowFront> {
  const [host, port] = address.split(':') as [string, string];
  const sockets = new Set<Socket>();
  let rate = bytesPerSecond;
  let free = performance.now();
  const server = createServer({ allowHalfOpen: true }, (caller) => {
    const called = connect({ host, port: Number(port), allowHalfOpen: true });
    for (const socket of [caller, called]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    called.pipe(caller);
    caller.on('close', () => called.destroy());
    void (async () => {
      for await (const piece of caller) {
        free = Math.max(free, performance.now()) + ((piece as Buffer).length / rate) * 1000;
        await sleep(Math.max(20, free - performance.now()));
        if (!called.write(piece)) await new Promise((resolve) => called.once('drain', resolve));
      }
      called.end();
    })().catch(() => called.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    widen: (wider) => {
      rate = wider;
      free = performance.now();
    },
  };
}
