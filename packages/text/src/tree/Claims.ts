import type { Outline } from './Outline.js';

/**
 * Which nodes have their place in the tree, and the numbers of those that several causes lead to: each is printed once, and named
 * by its number wherever else the tree leads to it.
 */
export class Claims {
  private readonly claimed = new Set<string>();
  private readonly numbers = new Map<string, number>();
  private readonly roots: Set<string>;
  private last = 0;

  constructor(private readonly outline: Outline) {
    this.roots = new Set(outline.roots);
  }

  /** Takes the place; false where the node has one already. */
  claim(id: string): boolean {
    if (this.claimed.has(id)) return false;
    this.claimed.add(id);
    return true;
  }

  has(id: string): boolean {
    return this.claimed.has(id);
  }

  /** A root that only a cycle leads to. */
  addRoot(id: string): void {
    this.roots.add(id);
  }

  /** A number for a row that the tree has to name elsewhere. */
  nextNumber(): number {
    return ++this.last;
  }

  /** The number of a node; given now if it has none. */
  numberOf(id: string): number {
    const number = this.numbers.get(id) ?? this.nextNumber();
    this.numbers.set(id, number);
    return number;
  }

  /** The number under which these nodes are named elsewhere, one for all; null where nothing names them. */
  sharedNumber(ids: readonly string[]): number | null {
    const shared = ids.filter((id) => this.outline.mentions(id) + (this.roots.has(id) ? 1 : 0) > 1);
    if (shared.length === 0) return null;
    const known = shared.find((id) => this.numbers.has(id));
    const number = known === undefined ? this.nextNumber() : this.numberOf(known);
    for (const id of shared) if (!this.numbers.has(id)) this.numbers.set(id, number);
    return number;
  }
}
