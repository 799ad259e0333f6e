import type { IncomingHttpHeaders } from 'node:http';
import type { Lease } from '../intake/BytesInFlight.js';
import type { ReceiverError } from '../intake/ReceiverError.js';
import type { Signal } from '../intake/ReceiverObserver.js';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** A request whose body has arrived. */
export interface HttpBody {
  readonly body: Buffer;
  readonly contentType: string;
  readonly headers: IncomingHttpHeaders;
  readonly lease: Lease;
}

/** What is served under one path. Bodies arrive whole and inflated. */
export interface HttpRoute {
  readonly signal: Signal;
  /** Whether of a body of this type nothing is looked at once `answer` has returned. */
  copies(contentType: string): boolean;
  /** Called before the body is read. @throws ReceiverError `unsupported-type` */
  check(contentType: string, headers: IncomingHttpHeaders): void;
  /**
   * Resolves once what was accepted is durable; until then `lease` holds what it takes. Not `async`: while it waits the body must be gone.
   * @throws ReceiverError
   */
  answer(request: HttpBody): Promise<HttpAnswer>;
  /** How this route tells a sender that the request was refused. */
  refusal(error: ReceiverError, contentType: string): HttpAnswer;
}

/** The media type of a Content-Type header: in lower case, without parameters; "" where there is none. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
}
