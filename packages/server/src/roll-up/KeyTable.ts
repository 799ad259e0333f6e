/** No source stands there. */
const EMPTY = 0;
const FIRST_SLOTS = 1 << 14;
/** Beyond this part of the slots, probing takes longer than growing. */
const FULL = 0.6;
/** Sources of one key: what more of them share names no few workflows. */
const MOST_OF_ONE = 32;

/** Which sources (numbers from 1) hold which 64-bit keys: an open hash table in typed arrays, some 12 bytes a slot. */
export class KeyTable {
  private slots = FIRST_SLOTS;
  private low = new Uint32Array(FIRST_SLOTS);
  private high = new Uint32Array(FIRST_SLOTS);
  private source = new Uint32Array(FIRST_SLOTS);
  size = 0;

  add(low: number, high: number, source: number): void {
    if (this.size >= this.slots * FULL) this.grow();
    let same = 0;
    let at = this.slotOf(low, high);
    for (; this.source[at] !== EMPTY; at = (at + 1) & (this.slots - 1)) {
      if (this.low[at] !== low || this.high[at] !== high) continue;
      if (this.source[at] === source || ++same > MOST_OF_ONE) return;
    }
    this.low[at] = low;
    this.high[at] = high;
    this.source[at] = source;
    this.size++;
  }

  /** The sources of a key; null where they are too many to be kept. */
  of(low: number, high: number): number[] | null {
    const sources: number[] = [];
    for (let at = this.slotOf(low, high); this.source[at] !== EMPTY; at = (at + 1) & (this.slots - 1)) {
      if (this.low[at] === low && this.high[at] === high) sources.push(this.source[at]!);
    }
    return sources.length > MOST_OF_ONE ? null : sources;
  }

  /** Each key once for each of its sources. */
  each(use: (low: number, high: number) => void): void {
    for (let at = 0; at < this.slots; at++) if (this.source[at] !== EMPTY) use(this.low[at]!, this.high[at]!);
  }

  /** Keys are hashes: their bits are as good as any mixture of them. */
  private slotOf(low: number, high: number): number {
    return (low ^ Math.imul(high, 0x9e3779b1)) & (this.slots - 1);
  }

  private grow(): void {
    const { low, high, source } = this;
    this.slots *= 2;
    this.low = new Uint32Array(this.slots);
    this.high = new Uint32Array(this.slots);
    this.source = new Uint32Array(this.slots);
    for (let from = 0; from < source.length; from++) {
      if (source[from] === EMPTY) continue;
      let at = this.slotOf(low[from]!, high[from]!);
      while (this.source[at] !== EMPTY) at = (at + 1) & (this.slots - 1);
      this.low[at] = low[from]!;
      this.high[at] = high[from]!;
      this.source[at] = source[from]!;
    }
  }
}
