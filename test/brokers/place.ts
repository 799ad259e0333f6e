import { randomBytes } from 'node:crypto';
import type { Place } from './service/Driver.js';

/** The names of places in the cases, as they are or as SQS writes them: nothing in them looks like that of a retry or of a dead letter. */
export const PLACE = /orders[.-][0-9a-f]{8}x/g;

/** A place of its own for each case. */
export function newPlace(consumers: readonly string[], attempts = 3): Place {
  return { destination: `orders.${randomBytes(4).toString('hex')}x`, consumers, attempts };
}
