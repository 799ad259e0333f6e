import type { IncomingMessage } from 'node:http';
import type { Lease } from '../intake/BytesInFlight.js';
import { busy, ReceiverError, SenderGone } from '../intake/ReceiverError.js';

/**
 * The body of a request, whole: in `room`, where there is some, which then must be large enough.
 * @throws ReceiverError `too-large` past `most` bytes, `busy` where `lease` does not grow; the rest of the body is then still to come
 * @throws SenderGone where the connection ends before the body does
 */
export function readBody(
  request: IncomingMessage,
  most: number,
  lease: Lease,
  room: Buffer | null = null,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (): void => {
      request.off('data', onData);
      request.off('end', onEnd);
      request.off('error', onGone);
      request.off('close', onGone);
    };
    const fail = (error: Error): void => {
      settle();
      // Without a listener the stream pauses; whoever answers decides what becomes of the rest.
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > most) fail(tooLarge(most));
      else if (!lease.grow(chunk.length)) fail(busy());
      else if (room === null) chunks.push(chunk);
      else chunk.copy(room, length - chunk.length);
    };
    const onEnd = (): void => {
      settle();
      if (room !== null) resolve(room.subarray(0, length));
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
    };
    const onGone = (): void => fail(new SenderGone('the connection ended before the body did'));
    request.on('data', onData);
    request.on('end', onEnd);
    request.on('error', onGone);
    request.on('close', onGone);
  });
}

export function tooLarge(most: number): ReceiverError {
  return new ReceiverError('too-large', `the body is larger than ${most} bytes: send it in parts`);
}
