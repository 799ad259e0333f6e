import { ProtobufReader } from '@upshot/model';
import { safeText } from '@upshot/text';
import { parseUrl, unreachable } from '../ask/ApiClient.js';
import { CliError } from '../CliError.js';
import type { TelemetryRequest } from './TelemetryRequest.js';

/** What a request came to. */
export interface ExportOutcome {
  readonly refused: number;
  /** Why, as the server says it; "" where nothing was refused. */
  readonly reason: string;
}

const TRIES = 8;
const LONGEST_WAIT_S = 30;
const REQUEST_TIMEOUT_MS = 120_000;

/** Sends telemetry over OTLP/HTTP, and waits where it is told to. */
export class ExportClient {
  private readonly url: URL;

  /** Throws `CliError` where the URL is none. */
  constructor(
    url: string,
    private readonly token: string | null,
  ) {
    this.url = parseUrl('--otlp-url', url);
    this.url.pathname = this.url.pathname.replace(/\/v1\/traces$/, '').replace(/\/$/, '');
  }

  /** Resolves once what was accepted is durable. Rejects with `CliError` where the server can't be reached or refuses all that comes. */
  async send(request: TelemetryRequest): Promise<ExportOutcome> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.post(request);
      const body = Buffer.from(await response.arrayBuffer());
      if (response.status === 200) return outcomeOf(response.headers.get('content-type') ?? '', body);
      const mayRepeat = response.status === 429 || response.status === 503;
      if (mayRepeat && attempt < TRIES) {
        await waited(response.headers.get('retry-after'), attempt);
        continue;
      }
      if (response.status === 401) throw new CliError('Upshot wants a token: give it in UPSHOT_TOKEN');
      // Undecodable, too large: this request is lost, the next may be better.
      if (response.status === 400 || response.status === 413) {
        return { refused: request.count, reason: `HTTP ${response.status}: ${messageIn(response, body)}` };
      }
      throw new CliError(`Upshot answered with HTTP status ${response.status}: ${messageIn(response, body)}`);
    }
  }

  private async post({ path, body, contentType }: TelemetryRequest): Promise<Response> {
    const headers: Record<string, string> = { 'content-type': contentType };
    if (this.token !== null) headers.authorization = `Bearer ${this.token}`;
    try {
      const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
      const url = new URL(this.url.pathname.replace(/\/$/, '') + path, this.url);
      return await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
    } catch (error) {
      throw new CliError(unreachable("Upshot's OTLP port", this.url, error), { cause: error });
    }
  }
}

async function waited(retryAfter: string | null, attempt: number): Promise<void> {
  const asked = Number(retryAfter);
  const seconds = Number.isFinite(asked) && asked > 0 ? asked : 0.2 * 2 ** attempt;
  await new Promise((resolve) => setTimeout(resolve, Math.min(seconds, LONGEST_WAIT_S) * 1000));
}

/** ExportTraceServiceResponse, or the answer about records. In protobuf: partial_success 1, in it rejected_spans 1 and error_message 2. */
function outcomeOf(contentType: string, body: Buffer): ExportOutcome {
  if (contentType.startsWith('application/json')) {
    const { partialSuccess, rejected = [] } = (body.length === 0 ? {} : JSON.parse(body.toString())) as {
      partialSuccess?: { rejectedSpans?: string; rejectedLogRecords?: string; errorMessage?: string };
      /** Of records, each by itself. */
      rejected?: { reason: string }[];
    };
    return {
      refused:
        rejected.length + Number(partialSuccess?.rejectedSpans ?? partialSuccess?.rejectedLogRecords ?? 0),
      reason: partialSuccess?.errorMessage ?? rejected[0]?.reason ?? '',
    };
  }
  let outcome = { refused: 0, reason: '' };
  const reader = new ProtobufReader(body);
  while (reader.next()) {
    if (reader.field !== 1 || reader.wireType !== 2) {
      reader.skip();
      continue;
    }
    const inner = reader.message();
    while (inner.next()) {
      if (inner.field === 1 && inner.wireType === 0)
        outcome = { ...outcome, refused: Number(inner.varint64()) };
      else if (inner.field === 2 && inner.wireType === 2) outcome = { ...outcome, reason: inner.text() };
      else inner.skip();
    }
  }
  return outcome;
}

/** google.rpc.Status: message 2. Or whatever text a proxy in between has sent. */
function messageIn(response: Response, body: Buffer): string {
  const type = response.headers.get('content-type') ?? '';
  try {
    if (type.startsWith('application/json')) {
      return safeText(String((JSON.parse(body.toString()) as { message?: unknown }).message ?? ''));
    }
    if (type.startsWith('application/x-protobuf')) {
      const reader = new ProtobufReader(body);
      while (reader.next()) {
        if (reader.field === 2 && reader.wireType === 2) return safeText(reader.text());
        reader.skip();
      }
    }
  } catch {
    return 'and what it says can not be read';
  }
  return safeText(body.toString().slice(0, 200));
}
