import { promisify } from 'node:util';
import { gunzip, inflate as inflateZlib, type ZlibOptions } from 'node:zlib';
import type { Lease } from '../intake/BytesInFlight.js';
import { busy, ReceiverError } from '../intake/ReceiverError.js';

const inflaters = { gzip: promisify(gunzip), deflate: promisify(inflateZlib) } as const;

/** How a body is compressed. */
export type Encoding = 'identity' | keyof typeof inflaters;

const LEAST_CHUNK = 16 * 1024;
const MOST_CHUNK = 4 * 1024 * 1024;

/** The encoding that a `Content-Encoding` or `grpc-encoding` header names; null for one that is not understood. */
export function encodingOf(header: string | undefined): Encoding | null {
  const name = (header ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') return 'identity';
  if (name === 'gzip' || name === 'x-gzip') return 'gzip';
  return name === 'deflate' ? 'deflate' : null;
}

/**
 * Inflates a body off the main thread, and stops at `most` bytes: a bomb costs no more than that. What may come out is held by
 * `lease` before it does, or many bombs at once would inflate beyond the bound before the first of them is counted.
 * @throws ReceiverError `too-large`, `undecodable`, or `busy`
 */
export async function inflate(body: Buffer, encoding: Encoding, most: number, lease: Lease): Promise<Buffer> {
  if (encoding === 'identity' || body.length === 0) return body;
  const guess = Math.min(inflatedGuess(body, encoding), most);
  hold(lease, guess);
  const guessed = await inflateWithin(body, encoding, guess);
  if (guessed !== null) return guessed;
  // A forged or partial size, or a deflate stream, which states none.
  hold(lease, most - guess);
  const inflated = guess < most ? await inflateWithin(body, encoding, most) : null;
  if (inflated === null) {
    throw new ReceiverError('too-large', `the body inflates to more than ${most} bytes: send it in parts`);
  }
  return inflated;
}

/** Null where more than `most` bytes would come out. */
async function inflateWithin(
  body: Buffer,
  encoding: 'gzip' | 'deflate',
  most: number,
): Promise<Buffer | null> {
  const options: ZlibOptions = {
    maxOutputLength: Math.max(most, 1),
    chunkSize: Math.min(Math.max(most + 1, LEAST_CHUNK), MOST_CHUNK),
  };
  try {
    return (await inflaters[encoding](body, options)) as Buffer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return null;
    const message = `the body is no ${encoding}: ${(error as Error).message}`;
    throw new ReceiverError('undecodable', message, { cause: error });
  }
}

function hold(lease: Lease, bytes: number): void {
  if (!lease.grow(bytes)) throw busy();
}

/** Deflate's best ratio: no body inflates to more. */
const BEST_RATIO = 1032;

/** gzip ends with the size of what it holds (RFC 1952, ISIZE): a hint, which a sender may have forged. */
function inflatedGuess(body: Buffer, encoding: Encoding): number {
  if (encoding !== 'gzip' || body.length < 18) return body.length * 8;
  return Math.min(body.readUInt32LE(body.length - 4), body.length * BEST_RATIO);
}
