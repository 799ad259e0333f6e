import { placeOf } from './HTTP.js';

/** An event that was not taken at an address, in all its tries. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';

  constructor(
    readonly url: string,
    readonly attempts: number,
    override readonly cause: unknown,
  ) {
    super(
      `${placeOf(url)} did not take the event in ${attempts} tries: ${cause instanceof Error ? cause.message : cause}`,
    );
  }
}
