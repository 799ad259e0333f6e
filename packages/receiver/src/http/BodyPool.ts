/** Smaller bodies come in one piece, and are not copied. */
const LEAST_BYTES = 64 * 1024;
/** A larger one is rare enough to be paid for. */
const MOST_BYTES = 1024 * 1024;
/** Kept for bodies to come: of some sixty senders. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024;

/**
 * Memory of bodies that were decoded, for bodies to come. Two hundred thousand spans a second are 75 MB of bodies, and V8 counts memory outside of its heap as if it
 * were in it: with fresh memory for each body it collected the whole heap seven times a second, for a third of all processor time.
 */
export class BodyPool {
  private readonly free = new Map<number, Buffer[]>();
  private kept = 0;

  /** Room for `length` bytes or a little more; null where it is not worth it. */
  take(length: number): Buffer | null {
    if (!(length >= LEAST_BYTES && length <= MOST_BYTES)) return null;
    const size = 2 ** Math.ceil(Math.log2(length));
    const buffer = this.free.get(size)?.pop();
    if (buffer === undefined) return Buffer.allocUnsafeSlow(size);
    this.kept -= size;
    return buffer;
  }

  /** Nobody reads it any more. */
  give(buffer: Buffer): void {
    const size = buffer.length;
    if (this.kept + size > MOST_KEPT_BYTES) return;
    this.kept += size;
    const others = this.free.get(size);
    if (others === undefined) this.free.set(size, [buffer]);
    else others.push(buffer);
  }
}
