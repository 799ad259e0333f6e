import type { Attempt } from '@upshot/sdk';

/** One message on its way through a client: it is done when all that handle it are. The first error is the attempt's. */
export class Handling {
  private waiting = 1;
  private failure: { readonly error: unknown; readonly again: boolean } | null = null;

  constructor(readonly attempt: Attempt) {}

  /** Somebody else handles it, too. */
  enter(): void {
    this.waiting++;
  }

  /** One of them is done. */
  leave(): void {
    this.waiting--;
    if (this.waiting > 0) return;
    if (this.failure === null) this.attempt.succeed();
    else this.attempt.fail(this.failure.error, this.failure.again ? 'retry' : null);
  }

  /** @param again whether the message comes again */
  fail(error: unknown, again: boolean): void {
    this.failure ??= { error, again };
    this.leave();
  }
}
