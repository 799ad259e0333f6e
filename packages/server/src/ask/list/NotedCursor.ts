import type { RollUp } from '@upshot/model';
import { AskError } from '../AskError.js';

/** Workflows whose marks a cursor carries: the newest are those that still change. */
const MAX_MARKS = 400;
const MARK_CHARACTERS = 12;

/**
 * Where a page of notes ended. What lies behind it has not been listed, whatever arrives before it in the meantime. A workflow of which an earlier part
 * arrives late moves back in time and would come again: marks of what was listed keep it from that, for its note knows under which IDs it was noted before.
 */
export class NotedCursor {
  private constructor(
    readonly behind: { readonly timeUnixNano: bigint; readonly id: string },
    private readonly marks: ReadonlySet<string>,
  ) {}

  static behind(previous: NotedCursor | null, listed: readonly RollUp[], last: RollUp): NotedCursor {
    const marks = new Set(previous?.marks);
    for (const { id } of listed) if (marks.size < MAX_MARKS) marks.add(id.slice(0, MARK_CHARACTERS));
    return new NotedCursor({ timeUnixNano: last.timeUnixNano, id: last.id }, marks);
  }

  /** Throws `AskError` where the text is none that `toString` gave. */
  static parse(text: string): NotedCursor {
    const match = /^([0-9]{1,20})-([0-9a-f]{16})-([0-9a-f]*)$/.exec(text);
    if (match === null)
      throw new AskError('bad-request', 'cursor must be the nextCursor of the page before, unchanged');
    const [, time, id, packed] = match;
    const marks = new Set<string>();
    for (let at = 0; at < packed!.length; at += MARK_CHARACTERS)
      marks.add(packed!.slice(at, at + MARK_CHARACTERS));
    return new NotedCursor({ timeUnixNano: BigInt(time!), id: id! }, marks);
  }

  /** Whether a workflow was listed under any of these IDs of its notes. */
  hasListed(ids: readonly string[]): boolean {
    return this.marks.size > 0 && ids.some((id) => this.marks.has(id.slice(0, MARK_CHARACTERS)));
  }

  toString(): string {
    return `${this.behind.timeUnixNano}-${this.behind.id}-${[...this.marks].join('')}`;
  }
}
