import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CliError } from '../CliError.js';

const GZIP = [0x1f, 0x8b];

/** A file's bytes, inflated where they are gzip's, whatever its name says. Errors are `CliError`s that name the file. */
export async function* fileBytes(file: string): AsyncGenerator<Buffer> {
  try {
    const compressed = await beginsWith(file, GZIP);
    const raw = createReadStream(file);
    yield* compressed ? Readable.from(raw).pipe(createGunzip()) : raw;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(`${file} can't be read (${code ?? message})`, { cause: error });
  }
}

/** The whole of it, for formats that have no parts. */
export async function wholeFile(file: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of fileBytes(file)) parts.push(part);
  return Buffer.concat(parts);
}

async function beginsWith(file: string, bytes: readonly number[]): Promise<boolean> {
  const handle = await open(file);
  try {
    const start = Buffer.alloc(bytes.length);
    const { bytesRead } = await handle.read(start, 0, bytes.length, 0);
    return bytesRead === bytes.length && bytes.every((byte, i) => start[i] === byte);
  } finally {
    await handle.close();
  }
}
