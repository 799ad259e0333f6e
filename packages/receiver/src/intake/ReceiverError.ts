/** What a request as a whole may be refused for: its HTTP status, its gRPC code (google.rpc.Code), and whether the same request may be sent again. */
export const RECEIVER_ERRORS = {
  undecodable: { http: 400, grpc: 3, retryable: false },
  unauthenticated: { http: 401, grpc: 16, retryable: false },
  'not-found': { http: 404, grpc: 12, retryable: false },
  'method-not-allowed': { http: 405, grpc: 12, retryable: false },
  'too-large': { http: 413, grpc: 8, retryable: false },
  'unsupported-type': { http: 415, grpc: 3, retryable: false },
  'unsupported-encoding': { http: 415, grpc: 12, retryable: false },
  /** More bytes in flight than the receiver holds. */
  busy: { http: 429, grpc: 8, retryable: true },
  /** The rows could not be stored. */
  'store-failed': { http: 503, grpc: 14, retryable: true },
  closing: { http: 503, grpc: 14, retryable: true },
  /** A mistake of ours. The sender may try again, and the message tells nothing of the inside. */
  internal: { http: 503, grpc: 14, retryable: true },
} as const satisfies Record<string, { http: number; grpc: number; retryable: boolean }>;

export type ReceiverErrorCode = keyof typeof RECEIVER_ERRORS;

/** A request refused as a whole. The message goes to the sender: it says what is wrong and what to do. */
export class ReceiverError extends Error {
  override readonly name = 'ReceiverError';

  constructor(
    readonly code: ReceiverErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  get httpStatus(): number {
    return RECEIVER_ERRORS[this.code].http;
  }

  get grpcCode(): number {
    return RECEIVER_ERRORS[this.code].grpc;
  }

  get retryable(): boolean {
    return RECEIVER_ERRORS[this.code].retryable;
  }
}

/** More bytes in flight than there is room for. */
export function busy(): ReceiverError {
  return new ReceiverError('busy', 'too much is in flight: try again later');
}

/** The sender went away before its request was whole: nobody is there to answer. */
export class SenderGone extends Error {
  override readonly name = 'SenderGone';
}
