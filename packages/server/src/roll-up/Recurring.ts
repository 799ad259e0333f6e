/** A power of two. A fleet has some thousand attributes that recur; 256 KB. */
const SLOTS = 65_536;

/** Tells numbers that come again and again from those that come once. One that was not met for long, or that shares its slot with another, may be forgotten. */
export class Recurring {
  private readonly slots = new Uint32Array(SLOTS);

  /** Whether the number was met lately; from now on it was. */
  meet(number: number): boolean {
    const slot = number & (SLOTS - 1);
    const isKnown = this.slots[slot] === number;
    this.slots[slot] = number;
    return isKnown;
  }
}
