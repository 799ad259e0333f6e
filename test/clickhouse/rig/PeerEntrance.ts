import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Where the other servers of a cluster reach one. ClickHouse out of a library ends by itself (SIGABRT, an uncaught "Connection reset by peer") when a peer
 * that was killed resets a connection to it, which a real server only logs. So a reset passes here as an end.
 */
export class PeerEntrance {
  private server: Server | null = null;

  constructor(
    private readonly port: number,
    private readonly tcpPort: number,
  ) {}

  async open(): Promise<void> {
    if (this.server !== null) return;
    const server = createServer({ allowHalfOpen: true }, (caller) => {
      const called = connect({ host: '127.0.0.1', port: this.tcpPort, allowHalfOpen: true });
      pass(caller, called);
      pass(called, caller);
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
  }

  /** From here on connections are refused. Those there are end with their servers. */
  close(): void {
    this.server?.close();
    this.server = null;
  }
}

function pass(from: Socket, to: Socket): void {
  from.setNoDelay(true);
  from.pipe(to);
  from.on('error', () => undefined);
  from.on('close', () => {
    to.end();
    // What is left unread would make a reset of it.
    to.resume();
  });
}
