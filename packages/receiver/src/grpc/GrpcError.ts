import { ReceiverError } from '../intake/ReceiverError.js';

/** A request refused with a gRPC code that no HTTP request knows: broken framing and the like. Codes: google.rpc.Code. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** What a refused call ends with. */
export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
  readonly retryable: boolean;
}

/** The status for an error; null for one that nobody should have thrown. */
export function grpcStatusOf(error: unknown): GrpcStatus | null {
  if (error instanceof GrpcError) return { code: error.code, message: error.message, retryable: false };
  if (error instanceof ReceiverError) {
    return { code: error.grpcCode, message: error.message, retryable: error.retryable };
  }
  return null;
}

/** `grpc-message`: UTF-8, percent-encoded but for printable ASCII without "%" (gRPC over HTTP/2, Responses). */
export function encodeGrpcMessage(message: string): string {
  let encoded = '';
  for (const byte of Buffer.from(message)) {
    if (byte >= 0x20 && byte <= 0x7e && byte !== 0x25) encoded += String.fromCharCode(byte);
    else encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
