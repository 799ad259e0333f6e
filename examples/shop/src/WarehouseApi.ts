import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The web API of the warehouse, which is somebody else's: it knows nothing of traces. */
export class WarehouseApi {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<WarehouseApi> {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(201).end());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new WarehouseApi(
      server,
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/packing-orders`,
    );
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
