import type { Span } from '@upshot/model';
import type { Operation } from '../operation.js';
import type { Reading } from '../Reading.js';

/** A reading that readers may still correct. */
export type Draft = { -readonly [Key in keyof Reading]: Reading[Key] };

/**
 * Reads what one vocabulary says otherwise than the table of attributes can: a failure that is no status, an ID with a meaning of
 * its own, a verdict in a message. Small, and pure.
 */
export interface Reader {
  readonly name: string;
  applies(span: Span): boolean;
  /** What the span does, where neither an attribute nor its kind says so, or they say it wrong; null to leave it to them. */
  operation?(span: Span): Operation | null;
  read?(draft: Draft): void;
}
