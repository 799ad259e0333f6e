import type { ApiErrorCode } from '@upshot/api-contract';

/** Why a question got no answer. The message is fit for a caller: it names no path, no credential, no code. */
export class AskError extends Error {
  override readonly name = 'AskError';

  constructor(
    readonly code: ApiErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
