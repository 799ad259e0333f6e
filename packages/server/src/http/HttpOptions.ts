import type { About, ReindexStep } from '@upshot/api-contract';
import type { ConventionsRead } from '@upshot/conventions-file';
import type { Asker } from '../ask/Asker.js';
import type { Forgetting } from '../forget/Forgetting.js';
import type { LiveAnswers } from '../live/LiveAnswers.js';
import type { Metrics } from '../metrics/Metrics.js';
import type { Mutes } from '../roll-up/Mutes.js';

/** A certificate chain and its private key, both PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** Another place where a trace can be seen. */
export interface TraceLink {
  readonly name: string;
  /** A URL with `{traceId}` and, perhaps, `{spanId}`. */
  readonly template: string;
}

/** What the UI port serves, and for whom. */
export interface HttpOptions {
  readonly asker: Asker;
  readonly metrics: Metrics;
  /** What the background has noted so far. */
  readonly rollUp: {
    /** Resolves when what was written before is noted, where that does not take long. */
    caughtUp(): Promise<void>;
    /** Up to when what was written is noted, as of this moment; Unix nanoseconds. */
    asOfAt(nowUnixNano: bigint): bigint;
    /** Of how many workflows one is noted of what came after that. */
    readonly sampledOneIn: number;
    /** Makes all notes anew from what is stored. */
    rebuild(): void;
  };
  readonly mutes: Mutes;
  readonly forgetting: Pick<Forgetting, 'forget'>;
  /** Makes the keys of some rows anew. */
  readonly reindex: () => Promise<ReindexStep>;
  /** Unix nanoseconds. */
  readonly clock: () => bigint;
  /** The conventions in force; null where there are none. */
  readonly conventions: () => ConventionsRead | null;
  /** The address to listen on. */
  readonly host: string;
  /** null: no token is wanted. */
  readonly token: string | null;
  readonly tls: TlsFiles | null;
  /** Milliseconds for one page of the list of workflows. */
  readonly listBudgetMs: number;
  readonly version: string;
  readonly live: LiveAnswers;
  /** The folder of the built web interface; null: none is served. */
  readonly site: string | null;
  /** Where telemetry is taken. */
  readonly otlpHttpUrl: string;
  readonly otlpGrpcUrl: string;
  readonly traceLinks: readonly TraceLink[];
  /** How telemetry is kept, for whoever asks how the server fares. */
  readonly kept: {
    /** In words. Never holds a credential. */
    readonly store: string;
    /** null: on no disk of this machine. */
    readonly directory: string | null;
    readonly retentionNano: bigint | null;
    readonly limits: About['limits'];
  };
  /** null while Upshot takes telemetry and answers questions; else why it does not. */
  readonly notReady: () => string | null;
  /** Hears of failures that callers are told nothing about. */
  readonly onError: (error: unknown) => void;
}
