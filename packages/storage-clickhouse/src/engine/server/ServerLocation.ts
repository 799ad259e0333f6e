import { readFileSync } from 'node:fs';
import { StorageError } from '@upshot/storage';

/** Where a ClickHouse server is reached over HTTP, as a URL says it. */
export interface ServerLocation {
  readonly secure: boolean;
  /** Servers of one cluster, or copies behind one name, in the order in which they are tried. `host` is as a URL has it: IPv6 in brackets. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** The cluster, as the server's `remote_servers` names it; null: this server alone. */
  readonly cluster: string | null;
  /** Authorities (PEM) that vouch for the server beside those that the system trusts; null: none. */
  readonly ca: Buffer | null;
}

const PORTS = { plain: 8123, secure: 8443 } as const;
const FORM =
  'clickhouse://user:password@host:8123/database, with ?cluster=NAME for a cluster and ?secure=true for TLS';
const OPTIONS = new Set(['cluster', 'secure', 'ca']);
/** Scheme, credentials, hosts, database, options. URL itself knows one host only. */
const SHAPE = /^(clickhouse|https?):\/\/(?:([^/?#]*)@)?([^/?#@]+)(\/[^?#]*)?(?:\?([^#]*))?$/i;
const HOST = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d+))?$/i;
/** What ClickHouse takes as a name without quotes: then nothing can go wrong wherever it stands. */
const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Whether the text names a server at all, right or wrong. */
export function isServerUrl(text: string): boolean {
  return /^(clickhouse|https?):\/\//i.test(text);
}

/** Reads `clickhouse://`, `http://` or `https://`. Throws `StorageError` `misused`, with a message that repeats nothing of the credentials. */
export function parseServerUrl(text: string): ServerLocation {
  const shape = SHAPE.exec(text);
  if (!shape) throw wrong('it has another form');
  const [, scheme, credentials = '', authority, path = '/', query = ''] = shape;
  const options = new URLSearchParams(query);
  for (const name of options.keys())
    if (!OPTIONS.has(name)) throw wrong(`${JSON.stringify(name)} is no option of it`);
  const secure = scheme!.toLowerCase() === 'https' || isTrue(options.get('secure'));
  const at = credentials.indexOf(':');
  const user = decoded(at < 0 ? credentials : credentials.slice(0, at));
  const database = decoded(path.slice(1)) || 'default';
  const cluster = options.get('cluster');
  if (!NAME.test(database)) throw wrong('the database must be a plain name');
  if (cluster !== null && !NAME.test(cluster)) throw wrong('the cluster must be a plain name');
  return {
    secure,
    hosts: authority!.split(',').map((one) => hostOf(one, secure ? PORTS.secure : PORTS.plain)),
    user: user || 'default',
    password: at < 0 ? '' : decoded(credentials.slice(at + 1)),
    database,
    cluster,
    ca: authorities(options.get('ca')),
  };
}

/** The location for people: without credentials. */
export function describeLocation({ secure, hosts, database, cluster }: ServerLocation): string {
  const options = [...(cluster === null ? [] : [`cluster=${cluster}`]), ...(secure ? ['secure=true'] : [])];
  const where = hosts.map(({ host, port }) => `${host}:${port}`).join(',');
  return `clickhouse://${where}/${database}${options.length > 0 ? `?${options.join('&')}` : ''}`;
}

function hostOf(text: string, defaultPort: number): ServerLocation['hosts'][number] {
  const match = HOST.exec(text);
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  if (!match || port < 1 || port > 65_535) throw wrong('a host is wrong');
  return { host: match[1]!, port };
}

function isTrue(value: string | null): boolean {
  if (value === null || /^(0|false|no)$/i.test(value)) return false;
  if (/^(1|true|yes|)$/i.test(value)) return true;
  throw wrong('secure must be true or false');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('a % is not followed by two hex digits: write a % in a password as %25');
  }
}

function authorities(file: string | null): Buffer | null {
  if (file === null) return null;
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new StorageError('misused', `The ca file of the ClickHouse URL can't be read: ${file}`, { cause });
  }
}

function wrong(why: string): StorageError {
  return new StorageError('misused', `The ClickHouse URL is wrong, ${why}: it reads ${FORM}`);
}
