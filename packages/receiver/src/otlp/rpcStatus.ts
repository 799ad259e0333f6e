import { ProtobufWriter } from '@upshot/model';
import type { OtlpEncoding } from './OtlpEncoding.js';

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

/** google.rpc.Status, with RetryInfo among its details where the sender may try again after some seconds. */
export function rpcStatus(
  status: { readonly code: number; readonly message: string; readonly retryAfterSeconds: number | null },
  encoding: OtlpEncoding,
): Buffer {
  const { code, message, retryAfterSeconds } = status;
  if (encoding === 'json') {
    const details =
      retryAfterSeconds === null
        ? {}
        : { details: [{ '@type': RETRY_INFO, retryDelay: `${retryAfterSeconds}s` }] };
    return Buffer.from(JSON.stringify({ code, message, ...details }));
  }
  const writer = new ProtobufWriter(128);
  writer.tag(1, 0);
  writer.varint(code);
  writer.text(2, message);
  if (retryAfterSeconds !== null) {
    writer.message(3, () => {
      writer.text(1, RETRY_INFO);
      writer.message(2, () => {
        writer.message(1, () => {
          writer.tag(1, 0);
          writer.varint(retryAfterSeconds);
        });
      });
    });
  }
  return writer.view();
}
