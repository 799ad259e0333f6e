/** Why a store could not do as told. `retryable`: whether the same call may succeed later without anybody changing anything. */
export const STORAGE_ERRORS = {
  /** Another process uses the directory. */
  locked: { retryable: false },
  /** The directory was written by a newer Upshot. */
  'schema-too-new': { retryable: false },
  /** Wrong user, wrong password, missing rights. */
  denied: { retryable: false },
  /** The address is wrong, or what answers there is nothing that this Upshot can work with: too old, without the database or cluster. */
  misused: { retryable: false },
  /** The store can't be reached, or is full, or failed for now. */
  unavailable: { retryable: true },
  /** The call took longer than its limit. */
  timeout: { retryable: true },
  /** The store was closed. */
  closed: { retryable: false },
  /** The store said something that Upshot does not understand. */
  internal: { retryable: true },
} as const satisfies Record<string, { retryable: boolean }>;

export type StorageErrorCode = keyof typeof STORAGE_ERRORS;

/** The one error that stores reject with. The message says what to do; `cause` holds what the engine said. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly retryable: boolean;

  constructor(
    readonly code: StorageErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.retryable = STORAGE_ERRORS[code].retryable;
  }
}
