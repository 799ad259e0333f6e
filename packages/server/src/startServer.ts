import type { AddressInfo } from 'node:net';
import { DEFAULT_LIMITS, type Receiver, type ReceiverLimits, startReceiver } from '@upshot/receiver';
import type { FastifyInstance } from 'fastify';
import { Asker } from './ask/Asker.js';
import { errorLog } from './errorLog.js';
import { Forgetting } from './forget/Forgetting.js';
import { bearerToken } from './http/bearerToken.js';
import { createUiServer } from './http/createUiServer.js';
import type { TlsFiles } from './http/HttpOptions.js';
import { isLoopback } from './http/loopback.js';
import { GroupCommit } from './ingest/GroupCommit.js';
import { LiveAnswers } from './live/LiveAnswers.js';
import { askFigures } from './metrics/askFigures.js';
import { Metrics } from './metrics/Metrics.js';
import { openConventions } from './openConventions.js';
import { openStore } from './openStore.js';
import { portError } from './portError.js';
import { Retention } from './Retention.js';
import { reindexer } from './reindexer.js';
import { Mutes } from './roll-up/Mutes.js';
import { RollUp } from './roll-up/RollUp.js';
import type { ServerOptions } from './ServerOptions.js';
import { SizeRetention } from './SizeRetention.js';
import { StartupError } from './StartupError.js';
import { Undo } from './Undo.js';

export const DEFAULT_PORTS = { ui: 4320, otlpHttp: 4318, otlpGrpc: 4317 } as const;
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_LIST_BUDGET_MS = 2000;

/** An Upshot that takes telemetry and answers questions. */
export interface RunningServer {
  readonly uiUrl: string;
  readonly otlpHttpUrl: string;
  readonly otlpGrpcUrl: string;
  /** Where telemetry is kept, in words. */
  readonly store: string;
  /** Takes nothing more, makes durable and answers what was begun, and releases the store. */
  close(): Promise<void>;
}

/** Opens the store and the three ports. Rejects with `StartupError`, with nothing left open, where that can't be. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const settings = settled(options);
  const { host, tls, clock, log } = settings;
  const onError = errorLog(log);
  const undo = new Undo();
  try {
    const conventions =
      settings.conventions === null ? null : await openConventions(settings.conventions, log);
    if (conventions !== null) undo.push(async () => conventions.close());

    const store = await openStore(options.store, clock);
    undo.push(() => store.close());

    const metrics = new Metrics(store);
    const rollUp = new RollUp({
      store,
      clock,
      conventions: () => conventions?.current ?? null,
      onError,
      onTick: metrics.watchRollUp(),
      retentionNano: settings.retentionNano,
      shared: options.store.kind === 'clickhouse',
    });
    undo.push(() => rollUp.close());
    metrics.gauge(
      'upshot_roll_up_lag_seconds',
      'For how long what was written waits to be noted: what lists and figures may lack.',
      () => rollUp.lagSeconds,
    );
    metrics.gauge(
      'upshot_roll_up_sampled_one_in',
      'Of how many workflows one is noted for now, where more comes than can be counted; 1: all.',
      () => rollUp.sampledOneIn,
    );
    const watch = metrics.watchWrites();
    let writes = 0;
    let isFailing = false;
    const ingest = new GroupCommit({
      store,
      onWrite: (write) => {
        writes++;
        watch(write);
        if (write.error !== null) onError(write.error);
        else if (isFailing) log('upshot: the store takes telemetry again');
        isFailing = write.error !== null;
        rollUp.wrote(write.spans + write.records);
      },
    });
    undo.push(() => ingest.drain());

    const asker = new Asker({
      store,
      limits: settings.askLimits,
      onThreadEnd: (error) => {
        metrics.threadEnded();
        log(`upshot: a thread that answers questions ended${error ? `: ${error.message}` : ''}`);
      },
    });
    undo.push(() => asker.close());
    asker.warm();
    metrics.watchFleet((signal) =>
      askFigures({ asker, rollUp, clock, conventions: () => conventions?.current ?? null }, signal),
    );
    const live = new LiveAnswers({ asker, writes: () => writes });
    undo.push(async () => live.close());

    const receiver = await startReceiver({
      host,
      httpPort: settings.otlpHttpPort,
      grpcPort: settings.otlpGrpcPort,
      ingest,
      clock,
      retentionNano: settings.retentionNano,
      limits: settings.receiverLimits,
      redaction: settings.redaction,
      authorize: settings.token === null ? undefined : bearerToken(settings.token),
      tls: tls ?? undefined,
      observer: metrics.watchReceiver(onError),
    }).catch((error: unknown) => {
      throw portError(error, host, { otlpHttp: settings.otlpHttpPort, otlpGrpc: settings.otlpGrpcPort });
    });
    undo.push(() => receiver.close());
    metrics.gauge(
      'upshot_receiver_bytes_in_flight',
      'Bytes that are being read, inflated or stored.',
      () => receiver.bytesInFlight,
    );

    let closing = false;
    const app = createUiServer({
      ...settings,
      conventions: () => conventions?.current ?? null,
      asker,
      live,
      otlpHttpUrl: receiver.httpUrl,
      otlpGrpcUrl: receiver.grpcUrl,
      metrics,
      rollUp,
      mutes: new Mutes(store),
      kept: {
        store: store.description,
        directory: options.store.kind === 'embedded' ? options.store.directory : null,
        retentionNano: settings.retentionNano,
        limits: limitsOf({ ...DEFAULT_LIMITS, ...settings.receiverLimits }),
      },
      reindex: reindexer(store),
      forgetting: new Forgetting({
        asker,
        store,
        clock,
        rollUp,
        shared: options.store.kind === 'clickhouse',
      }),
      onError,
      notReady: () => {
        if (closing) return 'Upshot is shutting down';
        return ingest.pressure === 'failing' ? 'The store refuses telemetry for now' : null;
      },
    });
    undo.push(() => app.close());
    const uiUrl = await listen(app, settings);

    if (settings.retentionNano !== null) {
      const retention = new Retention(store, settings.retentionNano, clock, onError);
      undo.push(() => retention.close());
    }
    if (settings.retentionBytes !== null) {
      const size = new SizeRetention(store, settings.retentionBytes, clock, log, onError);
      undo.push(() => size.close());
    }
    return running({ uiUrl, receiver, store: store.description }, () => {
      closing = true;
      return undo.all();
    });
  } catch (error) {
    await undo.all();
    throw error;
  }
}

function limitsOf({ bodyBytes, inflatedBytes, inFlightBytes }: ReceiverLimits) {
  return { bodyBytes, inflatedBytes, inFlightBytes };
}

function settled(options: ServerOptions) {
  const host = options.host ?? DEFAULT_HOST;
  const token = options.token ?? null;
  if (token === '')
    throw new StartupError('The token is empty: give one with some characters, or none at all');
  if (token === null && !isLoopback(host) && options.insecure !== true) {
    throw new StartupError(
      `${host} can be reached from other machines: give a token with --token-file, or say --insecure to let anybody in`,
    );
  }
  return {
    host,
    token,
    port: options.port ?? DEFAULT_PORTS.ui,
    otlpHttpPort: options.otlpHttpPort ?? DEFAULT_PORTS.otlpHttp,
    otlpGrpcPort: options.otlpGrpcPort ?? DEFAULT_PORTS.otlpGrpc,
    tls: options.tls ?? null,
    site: options.site ?? null,
    traceLinks: options.traceLinks ?? [],
    retentionNano: options.retentionNano ?? null,
    retentionBytes: options.retentionBytes ?? null,
    redaction: options.redaction ?? null,
    version: options.version ?? '0.0.0',
    clock: options.clock ?? (() => BigInt(Date.now()) * 1_000_000n),
    askLimits: options.askLimits ?? {},
    receiverLimits: options.receiverLimits ?? {},
    conventions: options.conventions ?? null,
    listBudgetMs: options.listBudgetMs ?? DEFAULT_LIST_BUDGET_MS,
    log: options.log ?? ((line: string) => console.error(line)),
  };
}

async function listen(
  app: FastifyInstance,
  { host, port, tls }: { host: string; port: number; tls: TlsFiles | null },
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw portError(error, host, { ui: port });
  }
  const shown = host.includes(':') ? `[${host}]` : host;
  return `${tls ? 'https' : 'http'}://${shown}:${(app.server.address() as AddressInfo).port}`;
}

function running(
  parts: { uiUrl: string; receiver: Receiver; store: string },
  stop: () => Promise<void>,
): RunningServer {
  let closed: Promise<void> | null = null;
  return {
    uiUrl: parts.uiUrl,
    otlpHttpUrl: parts.receiver.httpUrl,
    otlpGrpcUrl: parts.receiver.grpcUrl,
    store: parts.store,
    close: () => (closed ??= stop()),
  };
}
