import { readApiError } from '@upshot/api-contract';
import { safeText } from '@upshot/text';
import { CliError } from '../CliError.js';

export interface ApiClientOptions {
  /** Where Upshot's UI port is. */
  readonly url: string;
  readonly token: string | null;
}

/** Asks a running Upshot. */
export class ApiClient {
  private readonly base: URL;

  /** Throws `CliError` where the URL is none. */
  constructor(private readonly options: ApiClientOptions) {
    this.base = parseUrl('--url', options.url);
  }

  /** The body of an answer; null for a 404. Rejects with `CliError`. */
  async get(path: string, query: Query = {}): Promise<string | null> {
    const url = this.urlOf(path);
    addQuery(url, query);
    const { status, body } = await this.fetch(url, {});
    if (status === 404) return null;
    if (status !== 200) throw new CliError(refusal(status, body));
    return body;
  }

  /** Changes something. Rejects with `CliError`. */
  async send(method: 'PUT' | 'POST' | 'DELETE', path: string, json?: unknown): Promise<void> {
    const content =
      json === undefined
        ? {}
        : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
    const { status, body } = await this.fetch(this.urlOf(path), { method, ...content });
    if (status < 200 || status > 299) throw new CliError(refusal(status, body));
  }

  /** Has something done: the body of the answer; null for a 404. Rejects with `CliError`. */
  async post(path: string): Promise<string | null> {
    const { status, body } = await this.fetch(this.urlOf(path), { method: 'POST' });
    if (status === 404) return null;
    if (status !== 200) throw new CliError(refusal(status, body));
    return body;
  }

  /** Deletes something: the body of the answer; null for a 404. Rejects with `CliError`. */
  async delete(path: string): Promise<string | null> {
    const { status, body } = await this.fetch(this.urlOf(path), { method: 'DELETE' });
    if (status === 404) return null;
    if (status !== 200) throw new CliError(refusal(status, body));
    return body;
  }

  /** The `data:` of server-sent events, until the server ends the stream. Rejects with `CliError`. */
  async *events(path: string, query: Query): AsyncGenerator<string> {
    const url = this.urlOf(path);
    addQuery(url, query);
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (this.options.token !== null) headers.authorization = `Bearer ${this.options.token}`;
    let response: Response;
    try {
      response = await fetch(url, { headers, redirect: 'error' });
    } catch (error) {
      throw new CliError(unreachable('Upshot', this.base, error), { cause: error });
    }
    if (response.status !== 200) throw new CliError(refusal(response.status, await response.text()));
    try {
      yield* dataOf(response.body!);
    } catch (error) {
      throw new CliError(unreachable('Upshot', this.base, error), { cause: error });
    }
  }

  private urlOf(path: string): URL {
    return new URL(this.base.pathname.replace(/\/$/, '') + path, this.base);
  }

  private async fetch(
    url: URL,
    { headers: given, ...request }: { method?: string; body?: string; headers?: Record<string, string> },
  ): Promise<{ status: number; body: string }> {
    const headers: Record<string, string> = { accept: 'application/json', ...given };
    if (this.options.token !== null) headers.authorization = `Bearer ${this.options.token}`;
    try {
      const response = await fetch(url, { ...request, headers, redirect: 'error' });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      throw new CliError(unreachable('Upshot', this.base, error), { cause: error });
    }
  }
}

/** Lines of `data:` as they come. Upshot writes each event's data on one line. */
async function* dataOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of stream) {
    rest += decoder.decode(part, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (line.startsWith('data: ')) yield line.slice('data: '.length);
  }
}

/** One line on a server that could not be reached. */
export function unreachable(what: string, url: URL, error: unknown): string {
  const cause = (error as { cause?: NodeJS.ErrnoException }).cause;
  const reason = cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
  const hint = cause?.code === 'ECONNREFUSED' ? ': is `upshot serve` running there?' : '';
  return `${what} can't be reached at ${url.origin} (${safeText(reason)})${hint}`;
}

export function parseUrl(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new CliError(`${option} must be a URL such as http://127.0.0.1:4320, and is ${safeText(text)}`);
}

function refusal(status: number, body: string): string {
  if (status === 401)
    return 'Upshot wants a token: give it in UPSHOT_TOKEN, or in a file named by --token-file';
  const error = readApiError(body);
  return error ? safeText(error.message) : `Upshot answered with HTTP status ${status}`;
}

interface Query {
  readonly [name: string]: string | readonly string[] | undefined;
}

function addQuery(url: URL, query: Query): void {
  for (const [name, values] of Object.entries(query)) {
    for (const value of typeof values === 'string' ? [values] : (values ?? []))
      url.searchParams.append(name, value);
  }
}
