import { unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';

/** Takes one event; rejects where it should come again. */
export type Take = (event: Received) => Promise<'taken' | 'given-up'>;

export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const MOST_BYTES = 1024 * 1024;
const STATUS = { taken: 204, 'given-up': 422, failed: 503 } as const;

/** A consumer's webhooks: `POST /TOPIC` on a socket file of its own. */
export class Inbox {
  private readonly takers = new Map<string, Take>();
  private server: Server | null = null;

  constructor(private readonly socketPath: string) {}

  on(topic: string, take: Take): void {
    this.takers.set(topic, take);
  }

  /** Listens from now on: all subscriptions must be there. */
  async listen(): Promise<void> {
    // A process that was killed leaves its socket file behind.
    await unlink(this.socketPath).catch(() => {});
    const server = createServer((request, response) => {
      void this.answer(request).then((status) => response.writeHead(status).end());
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.socketPath, resolve);
    });
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }

  private async answer(request: IncomingMessage): Promise<number> {
    const take = this.takers.get((request.url ?? '').slice(1));
    if (request.method !== 'POST' || take === undefined) return 404;
    try {
      const body = await textOf(request);
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(request.headers))
        if (typeof value === 'string') headers[name] = value;
      return STATUS[await take({ headers, body })];
    } catch {
      return STATUS.failed;
    }
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new RangeError('the event is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
