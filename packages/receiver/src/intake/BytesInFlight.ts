/**
 * Bytes of requests that are being read, inflated or stored: the one bound on the receiver's memory. Past it requests are
 * turned away, so that a slow store or a flood of senders shows as back-pressure and never as growth.
 */
export class BytesInFlight {
  private taken = 0;

  constructor(private readonly most: number) {}

  get bytes(): number {
    return this.taken;
  }

  lease(): Lease {
    return new Lease(this);
  }

  /** @internal Takes bytes if they fit, or if nothing else is in flight: a request must not be refused for ever. */
  take(bytes: number, held: number): boolean {
    if (this.taken + bytes > this.most && this.taken > held) return false;
    this.taken += bytes;
    return true;
  }

  /** @internal */
  give(bytes: number): void {
    this.taken -= bytes;
  }
}

/** What one request holds of `BytesInFlight`. */
export class Lease {
  private held = 0;

  constructor(private readonly all: BytesInFlight) {}

  /** Holds so many bytes more. False where they are not to be had. */
  grow(bytes: number): boolean {
    if (!this.all.take(bytes, this.held)) return false;
    this.held += bytes;
    return true;
  }

  /** Holds so many bytes in all, instead of what was held. False, and nothing changed, where they are not to be had. */
  resize(bytes: number): boolean {
    if (bytes > this.held) return this.grow(bytes - this.held);
    this.all.give(this.held - bytes);
    this.held = bytes;
    return true;
  }

  /** Gives back all that is held. Once is enough; twice does no harm. */
  release(): void {
    this.all.give(this.held);
    this.held = 0;
  }
}
