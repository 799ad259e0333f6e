import type { RollUp } from '@upshot/model';
import { document, type Questioning } from '../ask/Questioning.js';
import { FORGOTTEN_LATELY, hashOfName, parseForgottenLately } from '../forget/ForgottenLately.js';
import type { NotedRow } from './notesOf.js';

/**
 * What was forgotten lately, on whichever server, while this one worked: rows that it had read before must not come back as notes.
 *
 *     forgetting    rows go ── says so ───────── looks for notes
 *     this one   reads rows ────────── assembles ── hears of it, and notes nothing
 */
export class Heeded {
  /** Entries met; null before the first look, when nothing is at hand that could have been forgotten. */
  private met: Set<string> | null = null;
  /** Names that were met last: a page that was read ahead may hold rows of theirs. */
  private last: readonly string[] = [];

  /** To be asked before anything is read: what is read from now on holds nothing that was forgotten until now. Returns whether what is at hand may. */
  *begin(): Questioning<boolean> {
    const { isNew } = yield* this.names();
    this.last = [];
    return isNew;
  }

  /** Names forgotten since this was asked before, and those that were told then. */
  *names(): Questioning<{ readonly isNew: boolean; readonly names: ReadonlySet<string> }> {
    const entries = parseForgottenLately(yield* document(FORGOTTEN_LATELY));
    const { met, last } = this;
    const fresh = met === null ? [] : entries.filter(({ id }) => !met.has(id)).flatMap(({ names }) => names);
    this.met = new Set(entries.map(({ id }) => id));
    this.last = fresh;
    return { isNew: fresh.length > 0, names: new Set([...last, ...fresh]) };
  }
}

/** Whether a note is of a workflow of one of these names. */
export function isNamed({ gone, key, row }: RollUp, names: ReadonlySet<string>): boolean {
  if (gone || names.size === 0) return false;
  return names.has(hashOfName(key)) || names.has(hashOfName((JSON.parse(row) as NotedRow).entry.traceId));
}
