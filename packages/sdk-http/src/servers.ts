/** What is used of a request of Fastify, of Express, or of Node itself. The libraries are never imported. */
export interface RequestLike {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly url?: string;
  /** Express: with what was cut off where a router is mounted. */
  readonly originalUrl?: string;
  /** As parsed. */
  readonly body?: unknown;
}

/** Node's response. */
export interface ResponseLike {
  readonly statusCode: number;
  readonly writableFinished: boolean;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  once(event: 'finish' | 'close', listener: () => void): unknown;
}

/** Fastify's reply holds the response; Express's response is one. */
export type ReplyLike = ResponseLike | { readonly raw: ResponseLike };
