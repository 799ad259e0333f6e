import { GrpcError } from './GrpcError.js';

/** gRPC's length-prefixed message: one byte "compressed", four bytes length (big-endian), then the message. */
const PREFIX = 5;

export interface Frame {
  readonly compressed: boolean;
  readonly message: Buffer;
}

/** Puts frames together from the chunks of a stream, however they are cut. */
export class FrameReader {
  private readonly chunks: Buffer[] = [];
  private buffered = 0;
  /** Bytes that the frame under way needs in all; known once its prefix is there. */
  private needed = PREFIX;
  readonly frames: Frame[] = [];

  constructor(private readonly most: number) {}

  /** @throws GrpcError where a message is larger than allowed */
  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    while (this.buffered >= this.needed) {
      const bytes = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks, this.buffered);
      const length = bytes.readUInt32BE(1);
      if (bytes[0]! > 1)
        throw new GrpcError(13, `a gRPC frame begins with ${bytes[0]}, which is neither 0 nor 1`);
      if (length > this.most)
        throw new GrpcError(8, `the message is larger than ${this.most} bytes: send it in parts`);
      this.needed = PREFIX + length;
      this.chunks.length = 0;
      if (bytes.length < this.needed) {
        this.chunks.push(bytes);
        return;
      }
      this.frames.push({ compressed: bytes[0] === 1, message: bytes.subarray(PREFIX, this.needed) });
      this.buffered = bytes.length - this.needed;
      if (this.buffered > 0) this.chunks.push(bytes.subarray(this.needed));
      this.needed = PREFIX;
    }
  }

  /** @throws GrpcError where the stream ended within a frame */
  end(): readonly Frame[] {
    if (this.buffered > 0) throw new GrpcError(13, 'the stream ended within a message');
    return this.frames;
  }
}

/** A message as an uncompressed frame. */
export function frameOf(message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, PREFIX);
  return frame;
}
