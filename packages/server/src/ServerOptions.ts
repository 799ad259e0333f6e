import type { ReceiverLimits, RedactionOptions } from '@upshot/receiver';
import type { AskLimits } from './ask/AskLimits.js';
import type { TlsFiles, TraceLink } from './http/HttpOptions.js';

/** Where telemetry is kept. */
export type StoreChoice =
  /** ClickHouse inside this process, in a directory of its own. */
  | { readonly kind: 'embedded'; readonly directory: string }
  /** A ClickHouse server or cluster: `clickhouse://user:password@host:8123/database?cluster=NAME`. Several Upshots may share one. */
  | { readonly kind: 'clickhouse'; readonly url: string }
  /** Gone with the process. */
  | { readonly kind: 'memory' };

export interface ServerOptions {
  readonly store: StoreChoice;
  /** The address that all three ports listen on; by default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free port. By default 4320, 4318 and 4317. */
  readonly port?: number;
  readonly otlpHttpPort?: number;
  readonly otlpGrpcPort?: number;
  /** How long telemetry is kept, nanoseconds; null, the default, keeps all. */
  readonly retentionNano?: bigint | null;
  /** Bytes of telemetry that are kept: past them the oldest days go; null, the default, keeps all. */
  readonly retentionBytes?: number | null;
  /** What must not be stored: applied to all telemetry before anything else. By default all may be. */
  readonly redaction?: RedactionOptions | null;
  /** Wanted of every call but `/healthz` and `/readyz`, on all three ports. */
  readonly token?: string | null;
  readonly tls?: TlsFiles | null;
  /** Lets a host beyond loopback do without a token. */
  readonly insecure?: boolean;
  /** The folder of the built web interface, served on the UI port; null or without an `index.html`: none. */
  readonly site?: string | null;
  /** Other places where a trace can be seen, which the web interface links to. */
  readonly traceLinks?: readonly TraceLink[];
  /** Shown in the API document. */
  readonly version?: string;
  /** Unix nanoseconds; by default the machine's clock. */
  readonly clock?: () => bigint;
  readonly askLimits?: Partial<AskLimits>;
  readonly receiverLimits?: Partial<ReceiverLimits>;
  /** The project's conventions file: read at the start, and again whenever it changes. By default there are no conventions. */
  readonly conventions?: string | null;
  /** Milliseconds for one page of the list of workflows; by default 2 s. */
  readonly listBudgetMs?: number;
  /** One line for whoever runs the server; by default to standard error. */
  readonly log?: (line: string) => void;
}
