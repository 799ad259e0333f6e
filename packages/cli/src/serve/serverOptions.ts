import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { parseDuration } from '@upshot/api-contract';
import type { ServerOptions, StoreChoice, TlsFiles } from '@upshot/server';
import { tokenOf } from '../ask/connection.js';
import { CliError } from '../CliError.js';
import { limitsOf } from './limitOptions.js';
import { redactionOf } from './redaction.js';
import { siteDirectory } from './siteDirectory.js';
import { traceLinks } from './traceLinks.js';

/** The options of `upshot serve` as they were typed. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly otlpHttpPort: number;
  readonly otlpGrpcPort: number;
  readonly store: string;
  readonly retention?: string;
  readonly retentionSize?: string;
  readonly conventions?: string;
  readonly redact?: readonly string[];
  readonly redactFile?: string;
  readonly redactSecretFile?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly insecure?: boolean;
  readonly traceLink?: readonly string[];
}

/** What the server is told. Throws `CliError` where an option is wrong: which one, and what would be right. */
export function serverOptions(options: ServeOptions, env: NodeJS.ProcessEnv = process.env): ServerOptions {
  const { host, port, otlpHttpPort, otlpGrpcPort } = options;
  if (host === '') throw new CliError('--host is empty: give an address of this machine, such as 127.0.0.1');
  return {
    host,
    port,
    otlpHttpPort,
    otlpGrpcPort,
    store: storeOf(options.store),
    retentionNano: retentionOf(options.retention),
    retentionBytes: sizeOf(options.retentionSize, options.store),
    conventions: conventionsOf(options.conventions),
    redaction: redactionOf(options.redact ?? envRules(env), options.redactFile, options.redactSecretFile),
    token: tokenOf(options),
    site: siteDirectory(),
    traceLinks: traceLinks(options.traceLink ?? envLinks(env)),
    tls: tlsOf(options.tlsCert, options.tlsKey),
    // Not read by Commander, for which any value of a flag's variable, `0` too, means yes.
    ...limitsOf(options as unknown as Readonly<Record<string, unknown>>),
    insecure: options.insecure === true || /^(1|true|yes)$/i.test(env.UPSHOT_INSECURE ?? ''),
  };
}

/** Several are separated by blanks, which no URL holds. */
function envLinks(env: NodeJS.ProcessEnv): readonly string[] {
  return (env.UPSHOT_TRACE_LINK ?? '').split(/\s+/).filter((link) => link !== '');
}

function envRules(env: NodeJS.ProcessEnv): readonly string[] {
  return (env.UPSHOT_REDACT ?? '').split(/\s+/).filter((rule) => rule !== '');
}

function storeOf(text: string): StoreChoice {
  if (text === 'memory') return { kind: 'memory' };
  if (/^(clickhouse|https?):\/\//i.test(text)) return { kind: 'clickhouse', url: text };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    // Not even a part of it is repeated: it may hold a password.
    throw new CliError(
      '--store must be a directory, clickhouse://… or "memory", and is a URL of an unknown kind',
    );
  }
  if (text === '') throw new CliError('--store is empty: give a directory, or "memory"');
  return { kind: 'embedded', directory: text };
}

function retentionOf(text: string | undefined): bigint | null {
  if (text === undefined) return null;
  const nanos = parseDuration(text);
  if (nanos === null || nanos === 0n) {
    throw new CliError(`--retention must be a duration such as 12h or 14d, and is ${JSON.stringify(text)}`);
  }
  return nanos;
}

const UNITS: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

function sizeOf(text: string | undefined, store: string): number | null {
  if (text === undefined) return null;
  if (store === 'memory')
    throw new CliError('--retention-size is of a store on disk, and --store is "memory"');
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT]i?B)$/i.exec(text.trim()) ?? [];
  const bytes = Number(amount) * (UNITS[(unit ?? '').toUpperCase()] ?? Number.NaN);
  if (!(bytes >= 1e6))
    throw new CliError(
      `--retention-size must be a size such as 500MB or 20GiB, and is ${JSON.stringify(text)}`,
    );
  return Math.floor(bytes);
}

function conventionsOf(file: string | undefined): string | null {
  if (file === '') throw new CliError('--conventions is empty: give a file, or leave the option out');
  return file ?? null;
}

function tlsOf(certFile: string | undefined, keyFile: string | undefined): TlsFiles | null {
  if (certFile === undefined && keyFile === undefined) return null;
  if (certFile === undefined || keyFile === undefined)
    throw new CliError('TLS takes both --tls-cert and --tls-key');
  const files = { cert: pem('--tls-cert', certFile), key: pem('--tls-key', keyFile) };
  try {
    createSecureContext(files);
  } catch (error) {
    throw new CliError(
      `--tls-cert ${certFile} and --tls-key ${keyFile} make no TLS identity (${messageOf(error)})`,
      {
        cause: error,
      },
    );
  }
  return files;
}

function pem(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`${option} ${file} can't be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
