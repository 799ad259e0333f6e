import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Closes, when the server does, connections on which nothing was asked yet: browsers open some ahead, and Node counts them neither as idle nor as late once it is closing, so
 * that they would keep the process for as long as a connection may be idle.
 */
export function closeUnused(app: FastifyInstance, isSecure: boolean): void {
  const unused = new Set<Socket>();
  const opened = (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  };
  // Of TLS it is the socket within that requests come by.
  app.server.on(isSecure ? 'secureConnection' : 'connection', opened);
  app.server.on('request', ({ socket }: IncomingMessage) => unused.delete(socket));
  app.addHook('preClose', async () => {
    for (const socket of unused) socket.destroy();
  });
}
