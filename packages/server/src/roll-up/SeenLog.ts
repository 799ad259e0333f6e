import { document, type Questioning } from '../ask/Questioning.js';
import { textOf, wordsOf } from './KeyFilter.js';
import { SeenIds } from './SeenIds.js';

/** Keys of one piece: 64 KB, some ten pages of new workflows. */
const PIECE_KEYS = 8_192;
/** Pieces after which the whole is written instead, so that a start reads no more than so many. */
const MOST_PIECES = 64;
const WHOLE = 'roll-up-seen';

interface SeenDocument {
  readonly name: string;
  readonly text: string;
}

/** What a note of progress says of it. */
export interface SeenProgress {
  readonly pieces: number;
  /** Keys that stand in no piece yet. */
  readonly open: string;
}

/**
 * The correlation IDs of all that was looked at, so written down that they are known after a restart: the whole now and then, between that pieces of what is new, and
 * what is newer still with the note of how far the background has come. Whatever of it is newer than that note only makes more IDs pass for seen.
 */
export class SeenLog {
  private open: number[] = [];
  private pieces = 0;
  /** Documents of which it is not known that they were written. */
  private unwritten: SeenDocument[] = [];

  constructor(private readonly ids = new SeenIds()) {}

  has(id: string): boolean {
    return this.ids.has(id);
  }

  add(id: string): void {
    const key = this.ids.add(id);
    if (key !== null) this.open.push(...key);
  }

  /** What must be written before the progress is, in this order. */
  documents(): readonly SeenDocument[] {
    if (this.open.length >= PIECE_KEYS * 2) {
      const text = textOf(Uint32Array.from(this.open));
      this.open = [];
      if (this.pieces < MOST_PIECES) this.unwritten.push({ name: pieceName(this.pieces++), text });
      else {
        this.pieces = 0;
        this.unwritten.push({ name: WHOLE, text: this.ids.toText() });
      }
    }
    return [...this.unwritten];
  }

  /** All documents that were asked for are written. */
  written(): void {
    this.unwritten = [];
  }

  progress(): SeenProgress {
    return { pieces: this.pieces, open: textOf(Uint32Array.from(this.open)) };
  }

  /** As it was when this progress was noted; null where a part is gone. */
  static *resumed({ pieces, open }: SeenProgress): Questioning<SeenLog | null> {
    const whole = yield* document(WHOLE);
    const ids = whole === null ? new SeenIds() : SeenIds.fromText(whole);
    if (ids === null) return null;
    const log = new SeenLog(ids);
    for (let piece = 0; piece < pieces; piece++) {
      const text = yield* document(pieceName(piece));
      if (text === null) return null;
      addAll(ids, wordsOf(text));
    }
    log.pieces = pieces;
    const words = wordsOf(open);
    addAll(ids, words);
    log.open = [...words];
    return log;
  }
}

function pieceName(piece: number): string {
  return `${WHOLE}-${piece}`;
}

function addAll(ids: SeenIds, words: Uint32Array): void {
  for (let at = 0; at + 1 < words.length; at += 2) ids.addKey(words[at]!, words[at + 1]!);
}
