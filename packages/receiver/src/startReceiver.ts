import { exportMethod, LOGS_EXPORT, TRACES_EXPORT } from './grpc/GrpcMethod.js';
import { GrpcReceiver } from './grpc/GrpcReceiver.js';
import { eventsRoute } from './http/eventsRoute.js';
import { HttpReceiver } from './http/HttpReceiver.js';
import type { HttpRoute } from './http/HttpRoute.js';
import { otlpRoute } from './http/otlpRoute.js';
import { BytesInFlight } from './intake/BytesInFlight.js';
import type { Ingest } from './intake/Ingest.js';
import { logsSignal, OtlpIntake, type OtlpSignal, tracesSignal } from './intake/OtlpIntake.js';
import { DEFAULT_LIMITS, type ReceiverLimits } from './intake/ReceiverLimits.js';
import type { ReceiverObserver } from './intake/ReceiverObserver.js';
import { RecordIntake } from './intake/RecordIntake.js';
import { Redaction, type RedactionOptions } from './redact/Redaction.js';

export interface ReceiverOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly ingest: Ingest;
  /** The time now, in Unix nanoseconds. */
  readonly clock: () => bigint;
  /** Telemetry that is older than this is refused; null keeps all. Nanoseconds. */
  readonly retentionNano: bigint | null;
  /** What is not given here has its value of `DEFAULT_LIMITS`. */
  readonly limits?: Partial<ReceiverLimits>;
  /** Whether an Authorization header (or gRPC metadata of that name) lets a request in. Without it all are let in. */
  readonly authorize?: (header: string | undefined) => boolean;
  /** PEM; with it both ports speak TLS alone. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  readonly observer?: ReceiverObserver;
  /** What must not be stored. By default all may be. */
  readonly redaction?: RedactionOptions | null;
}

export interface Receiver {
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Bytes that are being read, inflated or stored. */
  readonly bytesInFlight: number;
  /** Takes nothing more, answers what was begun (which needs a running ingest), and resolves when both ports are closed. */
  close(): Promise<void>;
}

/** Opens both ports. Rejects, with neither open, where one is taken: the error is Node's (`code` EADDRINUSE, `port`). */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { authorize, clock, host, ingest, observer = {}, retentionNano, tls } = options;
  const redaction = options.redaction ? new Redaction(options.redaction) : null;
  const inFlight = new BytesInFlight(limits.inFlightBytes);
  const intake = (signal: OtlpSignal) =>
    new OtlpIntake(signal, ingest, limits, clock, retentionNano, observer, redaction);
  const traces = intake(tracesSignal(limits));
  const logs = intake(logsSignal(limits));
  const records = new RecordIntake(ingest, limits, clock, retentionNano, observer, redaction);
  const common = { ingest, inFlight, limits, observer, authorize, tls };
  const routes = new Map<string, HttpRoute>([
    ['/v1/traces', otlpRoute(traces, limits.retryAfterSeconds)],
    ['/v1/logs', otlpRoute(logs, limits.retryAfterSeconds)],
    ['/v1/events', eventsRoute(records)],
  ]);
  const http = new HttpReceiver({ ...common, routes });
  const methods = new Map([
    [TRACES_EXPORT, exportMethod(traces)],
    [LOGS_EXPORT, exportMethod(logs)],
  ]);
  const grpc = new GrpcReceiver({ ...common, methods });
  const httpPort = await http.listen(host, options.httpPort);
  let grpcPort: number;
  try {
    grpcPort = await grpc.listen(host, options.grpcPort);
  } catch (error) {
    await http.close();
    throw error;
  }
  const scheme = tls === undefined ? 'http' : 'https';
  const shown = host.includes(':') ? `[${host}]` : host;
  return {
    httpUrl: `${scheme}://${shown}:${httpPort}`,
    grpcUrl: `${scheme}://${shown}:${grpcPort}`,
    httpPort,
    grpcPort,
    get bytesInFlight() {
      return inFlight.bytes;
    },
    async close() {
      await Promise.all([http.close(), grpc.close()]);
    },
  };
}
