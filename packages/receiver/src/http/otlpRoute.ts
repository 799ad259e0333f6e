import type { OtlpIntake } from '../intake/OtlpIntake.js';
import { ReceiverError } from '../intake/ReceiverError.js';
import { exportResponse } from '../otlp/exportResponse.js';
import type { OtlpEncoding } from '../otlp/OtlpEncoding.js';
import { rpcStatus } from '../otlp/rpcStatus.js';
import type { HttpRoute } from './HttpRoute.js';

const ENCODINGS: Readonly<Record<string, OtlpEncoding>> = {
  'application/x-protobuf': 'protobuf',
  'application/protobuf': 'protobuf',
  'application/json': 'json',
};
const MEDIA_TYPES = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;

/** OTLP/HTTP (OTLP 1.x, section OTLP/HTTP): answers are in the encoding of the request. */
export function otlpRoute(intake: OtlpIntake, retryAfterSeconds: number): HttpRoute {
  return {
    signal: intake.of.signal,
    // The decoder copies what it keeps.
    copies: (contentType) => ENCODINGS[contentType] === 'protobuf',
    check(contentType) {
      if (ENCODINGS[contentType] === undefined) {
        const given = contentType === '' ? 'there is no Content-Type' : `Content-Type is ${contentType}`;
        throw new ReceiverError(
          'unsupported-type',
          `${given}: send application/x-protobuf or application/json`,
        );
      }
    },
    answer({ body, contentType, lease }) {
      const encoding = ENCODINGS[contentType]!;
      return intake.accept([body], encoding, lease).then((refusals) => ({
        status: 200,
        contentType: MEDIA_TYPES[encoding],
        body: exportResponse(refusals, encoding),
      }));
    },
    refusal(error, contentType) {
      const encoding = ENCODINGS[contentType] ?? 'json';
      const status = {
        code: error.grpcCode,
        message: error.message,
        retryAfterSeconds: error.retryable ? retryAfterSeconds : null,
      };
      return {
        status: error.httpStatus,
        contentType: MEDIA_TYPES[encoding],
        body: rpcStatus(status, encoding),
      };
    },
  };
}
