import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fault, type FaultKind, faultText } from './faults/Fault.js';
import type { Order } from './Order.js';
import { ENV } from './process/messages.js';
import { ServiceProcess } from './process/ServiceProcess.js';
import { SERVICE_NAMES, type ServiceName } from './services/readers.js';
import { TRANSPORTS, type TransportName } from './transport/transports.js';
import { WarehouseApi } from './WarehouseApi.js';

export interface ShopOptions {
  /** Upshot's OTLP/HTTP port: http://127.0.0.1:4318. */
  readonly endpoint: string;
  /** Upshot's token, where it wants one. */
  readonly token?: string;
  /** By default `http`, which needs no broker. */
  readonly transport?: TransportName;
  /** Of the broker; for `http` a folder, by default a temporary one. */
  readonly url?: string;
  readonly faults?: readonly Fault[];
  /** Port of the entry; by default a free one. */
  readonly port?: number;
  /** What services say on their outputs, by line. */
  readonly log?: (line: string) => void;
}

/** Kinds that a process has from its start: it is started anew where they change. */
const FROM_THE_START: ReadonlySet<FaultKind> = new Set(['batch', 'vocabulary']);

/** A broker's URL as it may be shown. */
function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}

/** The shop as it runs: eight services, a process each, and a warehouse outside. */
export class Shop {
  private readonly running = new Map<ServiceName, ServiceProcess>();
  private list: readonly Fault[] = [];
  private changing: Promise<void> = Promise.resolve();
  private entryPort: number;

  private constructor(
    private readonly options: ShopOptions,
    private readonly url: string,
    private readonly warehouseApi: WarehouseApi,
    private readonly folder: string | null,
  ) {
    this.entryPort = options.port ?? 0;
  }

  /** @throws Error with the reason where the broker or a service does not come up; nothing is left running */
  static async start(options: ShopOptions): Promise<Shop> {
    const name = options.transport ?? 'http';
    const folder =
      name === 'http' && options.url === undefined ? await mkdtemp(join(tmpdir(), 'shop-')) : null;
    const url = options.url ?? folder;
    if (url === null) throw new TypeError(`transport ${name} wants the URL of its broker`);
    const shop = new Shop(options, url, await WarehouseApi.start(), folder);
    try {
      await (await TRANSPORTS[name].load()).prepare(url).catch((error: Error) => {
        throw new Error(`${name} at ${withoutPassword(url)}: ${error.message}`, { cause: error });
      });
      shop.list = options.faults ?? [];
      const started = await Promise.allSettled(
        SERVICE_NAMES.filter((service) => !shop.isDown(service)).map((service) => shop.startService(service)),
      );
      const failed = started.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    } catch (error) {
      await shop.close();
      throw error;
    }
    return shop;
  }

  /** Where orders are placed: `POST /orders`. Null while the entry is down. */
  get entryUrl(): string | null {
    return this.running.get('shop')?.url ?? null;
  }

  get faults(): readonly Fault[] {
    return this.list;
  }

  /** From now on these go wrong and no others. Resolves once that is so; services that must are stopped, started or started anew. */
  setFaults(faults: readonly Fault[]): Promise<void> {
    this.changing = this.changing.catch(() => {}).then(() => this.change(faults));
    return this.changing;
  }

  /** @throws Error where the entry is down or refuses it */
  async place(order: Partial<Order> = {}): Promise<Order> {
    if (this.entryUrl === null) throw new Error('the shop is down');
    const answer = await fetch(`${this.entryUrl}/orders`, { method: 'POST', body: JSON.stringify(order) });
    const body = (await answer.json()) as Order & { error?: string };
    if (!answer.ok) throw new Error(`the order was refused: ${body.error}`);
    return body;
  }

  /**
   * Has a service's dead letters sent to it again; resolves with how many those were.
   * @throws Error where the service is down, or its transport can't
   */
  async replay(service: ServiceName): Promise<number> {
    const running = this.running.get(service);
    if (running === undefined) throw new Error(`${service} is down`);
    return running.replay();
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.running.values()].map((service) => service.stop()));
    this.running.clear();
    await this.warehouseApi.close();
    if (this.folder !== null) await rm(this.folder, { recursive: true, force: true });
  }

  private async change(faults: readonly Fault[]): Promise<void> {
    const before = new Map(SERVICE_NAMES.map((name) => [name, this.startFaults(name)]));
    this.list = faults;
    await Promise.all(
      SERVICE_NAMES.map(async (name) => {
        const service = this.running.get(name);
        const isAnother = before.get(name) !== this.startFaults(name);
        if (service !== undefined && (this.isDown(name) || isAnother)) {
          this.running.delete(name);
          await service.stop();
        }
        if (this.isDown(name)) return;
        if (service === undefined || isAnother) await this.startService(name);
        else await service.setFaults(faults.map(faultText));
      }),
    );
  }

  private isDown(name: ServiceName): boolean {
    return this.list.some(({ kind, service }) => kind === 'down' && service === name);
  }

  private startFaults(name: ServiceName): string {
    const own = this.list.filter(({ kind, service }) => service === name && FROM_THE_START.has(kind));
    return own.map(faultText).sort().join(' ');
  }

  private async startService(name: ServiceName): Promise<void> {
    const { endpoint, token, transport = 'http', log = () => {} } = this.options;
    const service = await ServiceProcess.start(
      name,
      {
        [ENV.service]: name,
        [ENV.transport]: transport,
        [ENV.url]: this.url,
        [ENV.endpoint]: endpoint,
        [ENV.webhook]: this.warehouseApi.url,
        [ENV.faults]: this.list.map(faultText).join(' '),
        [ENV.port]: String(name === 'shop' ? this.entryPort : 0),
        // The variable of `upshot serve`: what it names is not these services' file.
        UPSHOT_CONVENTIONS: '',
        ...(token === undefined ? {} : { [ENV.token]: token }),
      },
      log,
    );
    this.running.set(name, service);
    // Customers find it where it was, after a restart too.
    if (name === 'shop' && service.url !== null) this.entryPort = Number(new URL(service.url).port);
  }
}
