const INITIAL_SLOTS = 256;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

interface Spelling {
  readonly hash: number;
  readonly bytes: Uint8Array;
  readonly index: number;
}

/**
 * The distinct texts of a column, found by their UTF-8 bytes: a text that was seen before costs no string.
 * Indexes count from 0 in the order of first sight. Bytes that are not UTF-8 stand for the text that a lenient decoder makes of them.
 */
export class TextDictionary {
  readonly values: string[] = [];
  /** Bytes of all spellings. */
  bytes = 0;
  private readonly indexes = new Map<string, number>();
  /** Open addressing over spellings: slot → spelling + 1. */
  private slots = new Int32Array(INITIAL_SLOTS);
  private readonly spellings: Spelling[] = [];

  /** The index of the text whose bytes are `bytes[start, end)`. */
  indexOfBytes(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = this.slots[slot]!;
      // A copy: a Buffer's own `slice` shares its memory.
      if (found === 0) return this.addSpelling(hash, Uint8Array.prototype.slice.call(bytes, start, end));
      const spelling = this.spellings[found - 1]!;
      if (spelling.hash === hash && equal(spelling.bytes, bytes, start, end)) return spelling.index;
    }
  }

  indexOf(text: string): number {
    const bytes = encoder.encode(text);
    return this.indexOfBytes(bytes, 0, bytes.length);
  }

  /** Spellings seen so far: what `truncate` takes to come back to this moment. */
  get size(): number {
    return this.spellings.length;
  }

  /** Forgets all that was added since `size` had this value. */
  truncate(size: number): void {
    if (size >= this.spellings.length) return;
    const kept = this.spellings.slice(0, size);
    const texts = kept.reduce((most, spelling) => Math.max(most, spelling.index + 1), 0);
    for (const text of this.values.splice(texts)) this.indexes.delete(text);
    this.spellings.length = 0;
    this.bytes = 0;
    this.slots = new Int32Array(INITIAL_SLOTS);
    for (const spelling of kept) this.place(spelling);
  }

  private addSpelling(hash: number, bytes: Uint8Array): number {
    const text = decoder.decode(bytes);
    let index = this.indexes.get(text);
    if (index === undefined) {
      index = this.values.length;
      this.values.push(text);
      this.indexes.set(text, index);
    }
    this.place({ hash, bytes, index });
    return index;
  }

  private place(spelling: Spelling): void {
    this.spellings.push(spelling);
    this.bytes += spelling.bytes.length;
    if (this.spellings.length * 2 > this.slots.length) {
      this.slots = new Int32Array(this.slots.length * 4);
      for (let i = 0; i < this.spellings.length; i++) this.take(this.spellings[i]!.hash, i + 1);
    } else {
      this.take(spelling.hash, this.spellings.length);
    }
  }

  private take(hash: number, entry: number): void {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = entry;
  }
}

/** Unlike in each process, so that nobody can send texts that all fall into one slot. */
const SEED = Math.floor(Math.random() * 0x7fffffff);

/** FNV-1a from a random basis with a final mix, so that the low bits serve as a slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = SEED;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

function equal(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
