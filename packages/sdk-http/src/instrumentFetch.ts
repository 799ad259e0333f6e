import { type Publication, upshot as processWide, type Sending, type Upshot } from '@upshot/sdk';
import { BINARY, DESTINATION, HttpStatusError, placeOf, STRUCTURED } from './HTTP.js';
import { type HeaderRecord, headerOf, headerSafe, recordOf, withHeaders } from './headers.js';
import { attributesOf, isStructured } from './structured.js';

/** All of it is optional. */
export interface FetchOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The event's name: one for all, or by the request. By default what headers or body of a CloudEvent say, else the last part of the address. */
  readonly event?: string | ((url: string, init: RequestInitLike) => string | undefined);
  /** Where the event goes, in the words of people; by default the address without its query. */
  readonly destination?: string;
}

/** What is read of a request: `fetch`'s, and `undici.request`'s. */
export interface RequestInitLike {
  readonly method?: string;
  readonly headers?: unknown;
  readonly body?: unknown;
}

/** Methods by which something is told. What is only asked for is no event. */
const TELLING: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

type Call = (input: unknown, init?: RequestInitLike, ...rest: unknown[]) => Promise<unknown>;

/**
 * One line for a sender of webhooks or CloudEvents: `const post = instrumentFetch(fetch, { event: 'order.shipped' })`; undici's `request` will do, too.
 * Each POST, PUT or PATCH is an event that carries its context; anything else passes as it is. An answer of 400 and above is an event that was not
 * taken; it is returned all the same.
 */
export function instrumentFetch<Fetch extends (...args: never[]) => Promise<unknown>>(
  fetch: Fetch,
  options: FetchOptions = {},
): Fetch {
  const call = fetch as unknown as Call;
  const { upshot = processWide } = options;
  const instrumented: Call = async (input, init, ...rest) => {
    const request = requestOf(input, init);
    if (request === null || !TELLING.has(request.method)) return call(input, init, ...rest);
    const { publication, record } = published(request, init ?? {}, options);
    const sending = upshot.open(publication);
    const headers = withHeaders(record, { ...sending.headers, [DESTINATION]: publication.destination ?? '' });
    try {
      const answer = await sending.run(() => call(input, { ...init, headers }, ...rest));
      endBy(sending, answer);
      return answer;
    } catch (error) {
      sending.end(error);
      throw error;
    }
  };
  return instrumented as unknown as Fetch;
}

interface RequestRead {
  readonly url: string;
  readonly method: string;
  readonly headers: unknown;
}

/** Null for what `fetch` would refuse: it says so itself. */
function requestOf(input: unknown, init: RequestInitLike | undefined): RequestRead | null {
  const own =
    typeof input === 'object' && input !== null && !(input instanceof URL)
      ? (input as RequestInitLike & { url?: unknown })
      : {};
  const url = typeof input === 'string' || input instanceof URL ? String(input) : own.url;
  if (typeof url !== 'string') return null;
  return {
    url,
    method: (init?.method ?? own.method ?? 'GET').toUpperCase(),
    headers: init?.headers ?? own.headers,
  };
}

function published(
  { url, method, headers }: RequestRead,
  init: RequestInitLike,
  options: FetchOptions,
): { publication: Publication; record: HeaderRecord } {
  const record = recordOf(headers);
  const structured = isStructured(headerOf(record, 'content-type'));
  const place = placeOf(url);
  const publication = {
    transport: structured ? STRUCTURED : BINARY,
    event: nameOf(url, init, options),
    destination: headerSafe(options.destination ?? place),
    placeName: place.slice(place.lastIndexOf('/') + 1) || place,
    headers: structured ? (attributesOf(init.body) ?? record) : record,
    attributes: { 'http.request.method': method, 'url.full': place },
  };
  return { publication, record };
}

function nameOf(url: string, init: RequestInitLike, { event }: FetchOptions): string | undefined {
  if (typeof event !== 'function') return event;
  try {
    return event(url, init);
  } catch {
    return undefined;
  }
}

function endBy(sending: Sending, answer: unknown): void {
  const { status, statusCode } = (answer ?? {}) as { status?: unknown; statusCode?: unknown };
  const said = typeof status === 'number' ? status : typeof statusCode === 'number' ? statusCode : null;
  if (said !== null) sending.learn({ 'http.response.status_code': said });
  sending.end(said !== null && said >= 400 ? new HttpStatusError(said) : undefined);
}
