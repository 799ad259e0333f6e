import type { RollUp } from '@upshot/model';
import { AskError } from '../AskError.js';

/** Workflows whose marks a cursor carries: the newest are those that still change. */
const MAX_MARKS = 400;
const MARK_CHARACTERS = 12;
const FIRST = { timeUnixNano: 2n ** 64n - 1n, id: 'f'.repeat(16) };

/**
 * Where a page of notes ended. What lies behind it has not been listed, whatever arrives before it in the meantime. A workflow of which an earlier part
 * arrives late moves back in time and would come again: marks of what was listed keep it from that, for its note knows under which IDs it was noted before.
 */
export class ListCursor {
  private constructor(
    readonly behind: { readonly timeUnixNano: bigint; readonly id: string },
    private readonly marks: ReadonlySet<string>,
    /** Whether the workflows of which `q` is an ID came first, out of their order. */
    readonly exactFirst: boolean,
  ) {}

  /** Before the first workflow of a list whose exact matches have been shown already. */
  static afterExactMatches(): ListCursor {
    return new ListCursor(FIRST, new Set(), true);
  }

  static behind(previous: ListCursor | null, listed: readonly RollUp[], last: RollUp): ListCursor {
    const marks = new Set(previous?.marks);
    for (const { id } of listed) if (marks.size < MAX_MARKS) marks.add(id.slice(0, MARK_CHARACTERS));
    const { timeUnixNano, id } = last;
    return new ListCursor({ timeUnixNano, id }, marks, previous?.exactFirst ?? false);
  }

  /** Throws `AskError` where the text is none that `toString` gave. */
  static parse(text: string): ListCursor {
    const match = /^([0-9]{1,20})-([0-9a-f]{16})-([0-9a-f]*)(-exact)?$/.exec(text);
    if (match === null)
      throw new AskError('bad-request', 'cursor must be the nextCursor of the page before, unchanged');
    const [, time, id, packed, exact] = match;
    const marks = new Set<string>();
    for (let at = 0; at < packed!.length; at += MARK_CHARACTERS)
      marks.add(packed!.slice(at, at + MARK_CHARACTERS));
    return new ListCursor({ timeUnixNano: BigInt(time!), id: id! }, marks, exact !== undefined);
  }

  /** Whether a workflow was listed under any of these IDs of its notes. */
  hasListed(ids: readonly string[]): boolean {
    return this.marks.size > 0 && ids.some((id) => this.marks.has(id.slice(0, MARK_CHARACTERS)));
  }

  toString(): string {
    const exact = this.exactFirst ? '-exact' : '';
    return `${this.behind.timeUnixNano}-${this.behind.id}-${[...this.marks].join('')}${exact}`;
  }
}
