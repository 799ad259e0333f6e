import { parseDuration } from '@upshot/api-contract';

/**
 * Milliseconds from `5s`, `500ms`, `1m30s` or a number of milliseconds.
 * @throws TypeError where it is none
 */
export function milliseconds(name: string, given: string | number): number {
  if (typeof given === 'number') {
    if (Number.isFinite(given) && given >= 0) return given;
  } else {
    const nanos = parseDuration(given);
    if (nanos !== null) return Number(nanos) / 1e6;
  }
  throw new TypeError(
    `${name} must be a duration such as "5s" or milliseconds, and is ${JSON.stringify(given)}`,
  );
}
