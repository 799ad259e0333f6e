/** Tries before an event is given up. */
export const ATTEMPTS = 4;

const BACK_OFF_MS = 60;
const LONGEST_BACK_OFF_MS = 2000;

/** Milliseconds from the try that failed (from 1) to the next; it doubles with each. */
export function backOffMs(attempt: number): number {
  return Math.min(BACK_OFF_MS * 2 ** (attempt - 1), LONGEST_BACK_OFF_MS);
}
