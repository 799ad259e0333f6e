import type { EntryPoint } from '@upshot/model';
import { entryName } from './placeNames.js';

/** Places remembered: about ten minutes of 20,000 spans a second. */
const MOST = 1_000_000;

/**
 * Where workflows were noted as beginning, so that a note can be taken back when what came late shows that its workflow begins elsewhere. What was
 * forgotten, or noted before this process began, is taken back unseen.
 */
export class Noted {
  private readonly names = new Set<string>();
  /** Entry points that began before this may have been noted without being remembered here. Unix nanoseconds; null: not known yet. */
  private since: bigint | null = null;

  begin(nowUnixNano: bigint): void {
    this.since ??= nowUnixNano;
  }

  add(entry: EntryPoint): void {
    const name = entryName(entry);
    this.names.delete(name);
    this.names.add(name);
    if (this.names.size <= MOST) return;
    for (const oldest of this.names) {
      this.names.delete(oldest);
      break;
    }
    if (this.since === null || entry.timeUnixNano > this.since) this.since = entry.timeUnixNano;
  }

  /** Whether a workflow may have been noted as beginning here. */
  mayHold(entry: EntryPoint): boolean {
    return this.names.has(entryName(entry)) || this.since === null || entry.timeUnixNano < this.since;
  }

  delete(entry: EntryPoint): void {
    this.names.delete(entryName(entry));
  }
}
