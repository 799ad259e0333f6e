import type { NamedText } from '@upshot/storage';
import { document, type Questioning } from '../ask/Questioning.js';
import { textOf, wordsOf } from './KeyFilter.js';
import { SeenIds } from './SeenIds.js';

/** Keys of one piece: 64 KB, some ten pages of new workflows. */
const PIECE_KEYS = 8_192;
/** Pieces after which the whole is written instead, so that a start reads no more than so many. */
const MOST_PIECES = 64;
/** What the documents are called of a server that has its store alone. */
const ALONE = 'roll-up-seen';

/** In the place of what nobody needs any more. */
const GONE = '';

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
  private unwritten: NamedText[] = [];

  /** `name`: what its documents are called. */
  constructor(
    private readonly name = ALONE,
    private readonly ids = new SeenIds(),
  ) {}

  has(id: string): boolean {
    return this.ids.has(id);
  }

  add(id: string): void {
    const key = this.ids.add(id);
    if (key !== null) this.open.push(...key);
  }

  /** The key of what may be an ID. */
  addKey(low: number, high: number): void {
    if (this.ids.addKey(low, high)) this.open.push(low, high);
  }

  /** What must be written before the progress is, in this order. */
  documents(): readonly NamedText[] {
    if (this.open.length >= PIECE_KEYS * 2) {
      const text = textOf(Uint32Array.from(this.open));
      this.open = [];
      if (this.pieces < MOST_PIECES) this.unwritten.push({ name: pieceName(this.name, this.pieces++), text });
      else {
        this.putWhole();
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

  /** The same IDs under a name of its own. */
  copiedTo(name: string): SeenLog {
    const copy = new SeenLog(name, this.ids);
    copy.putWhole();
    return copy;
  }

  private putWhole(): void {
    this.pieces = 0;
    this.open = [];
    this.unwritten.push({ name: this.name, text: this.ids.toText() });
  }

  /** As it was when this progress was noted; null where a part is gone. */
  static *resumed({ pieces, open }: SeenProgress, name = ALONE): Questioning<SeenLog | null> {
    const whole = yield* document(name);
    if (whole === GONE) return null;
    const ids = whole === null ? new SeenIds() : SeenIds.fromText(whole);
    if (ids === null) return null;
    const log = new SeenLog(name, ids);
    for (let piece = 0; piece < pieces; piece++) {
      const text = yield* document(pieceName(name, piece));
      if (text === null || text === GONE) return null;
      addAll(ids, wordsOf(text));
    }
    log.pieces = pieces;
    const words = wordsOf(open);
    addAll(ids, words);
    log.open = [...words];
    return log;
  }
}

function pieceName(name: string, piece: number): string {
  return `${name}-${piece}`;
}

/** What puts an end to the documents of a log of which this progress was noted. */
export function goneDocuments({ pieces }: SeenProgress, name: string): NamedText[] {
  const names = [name, ...Array.from({ length: pieces }, (_, piece) => pieceName(name, piece))];
  return names.map((one) => ({ name: one, text: GONE }));
}

function addAll(ids: SeenIds, words: Uint32Array): void {
  for (let at = 0; at + 1 < words.length; at += 2) ids.addKey(words[at]!, words[at + 1]!);
}
