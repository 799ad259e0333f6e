import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ServerLocation } from './ServerLocation.js';

/** Requests at a time to one server. What comes beyond waits, under its own deadline. */
const CONNECTIONS = 16;
/** Every call has a deadline of its own; this only ends what none has. */
const REQUEST_TIMEOUT_MS = 24 * 3_600_000;

/** One statement on its way. */
export interface Statement {
  readonly sql: string;
  readonly queryId: string;
  /** Settings that HTTP has a place for beside the statement's own. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** What an INSERT stores, in the format that it names. */
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal;
}

/**
 * One server, over HTTP, with ClickHouse's own client: connections that are kept, TLS, and errors with their codes. It logs nothing: what
 * happened is told by errors.
 */
export class Endpoint {
  /** `host:port`. */
  readonly name: string;
  private readonly client: ClickHouseClient;

  constructor(
    readonly place: ServerLocation['hosts'][number],
    private readonly location: ServerLocation,
    database = location.database,
  ) {
    this.name = `${place.host}:${place.port}`;
    this.client = createClient({
      url: `${location.secure ? 'https' : 'http'}://${this.name}`,
      username: location.user,
      password: location.password,
      database,
      application: 'upshot',
      max_open_connections: CONNECTIONS,
      request_timeout: REQUEST_TIMEOUT_MS,
      compression: { request: false, response: false },
      log: { level: ClickHouseLogLevel.OFF },
      ...(location.ca === null ? {} : { tls: { ca_cert: location.ca } }),
    });
  }

  /** Runs a statement to its end and answers all that it said. Rejects with what the client throws, a server's error with its code in the text. */
  async run({ sql, queryId, settings = {}, body, signal }: Statement): Promise<Uint8Array> {
    try {
      const { stream } = await this.client.exec({
        query: sql,
        query_id: queryId,
        // Whole or an error, never a part with the error behind it.
        clickhouse_settings: { wait_end_of_query: 1, ...settings },
        ...(signal === undefined ? {} : { abort_signal: signal }),
        ...(body === undefined ? {} : { values: Readable.from([body], { objectMode: false }) }),
      });
      return await whole(stream, signal);
    } catch (error) {
      if (!(error instanceof ClickHouseError)) throw error;
      // Not with its cause: what the server says names the user.
      throw Object.assign(
        new Error(`Code: ${error.code}. ${this.withoutCredentials(error.message.trim())}`),
        {
          clickHouseCode: Number(error.code),
        },
      );
    }
  }

  private withoutCredentials(said: string): string {
    const { user, password } = this.location;
    const text = said.startsWith(`${user}: `) ? said.slice(user.length + 2) : said;
    return password === '' ? text : text.replaceAll(password, '…');
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

/** ClickHouse's number of what a server said; null where it was no server that spoke. */
export function codeOf(error: unknown): number | null {
  const code = (error as { clickHouseCode?: unknown } | null)?.clickHouseCode;
  return typeof code === 'number' ? code : null;
}

async function whole(stream: Readable, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const stop = () => stream.destroy(new Error('The request was given up.'));
  signal?.addEventListener('abort', stop);
  try {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
