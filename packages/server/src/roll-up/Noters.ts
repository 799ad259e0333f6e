import { later } from '@upshot/model';
import { documents, note, type Questioning } from '../ask/Questioning.js';

/** What the documents are called in which servers say that they note. */
const PREFIX = 'noter/';
/** While it notes, a server says so this often. */
const SAY_MS = 1_000;
/** A server that has said nothing for so long is gone. */
const GONE_MS = 10_000;

interface Said {
  /** It notes nothing before it says something else. */
  readonly rests: boolean;
  /** Another one each time: who reads it sees that the server noted meanwhile. */
  readonly turn: number;
  /** The last version that it gave to notes or tallies, as a decimal string. */
  readonly version: string;
  readonly hasEnded?: boolean;
}

interface LastWords {
  readonly text: string;
  /** When it was heard first, monotonic milliseconds. */
  readonly atMs: number;
  readonly isGone: boolean;
}

/** What a look at the others tells. */
export interface Heard {
  /** Others note, or have since the last look. */
  readonly others: boolean;
  /** One of them is gone. */
  readonly left: boolean;
  /** For how long nothing was heard of those that are gone, milliseconds. */
  readonly silentMs: number;
}

/**
 * Which of several servers on one store note, without a leader. Each says in a document of its own that it does, before it does, and looks at what the others have said directly before
 * it writes: where nobody else has noted since its last look, what it remembers is all there is.
 *
 *     A   says ── looks: alone ── writes ── looks: B ── reads what B noted, writes
 *     B                    says ── looks: A ── reads what A noted, writes
 */
export class Noters {
  private readonly heard = new Map<string, LastWords>();
  private looked = false;
  /** Not from where a thread of this server began that has failed. */
  private said: Said = { rests: true, turn: Math.floor(Math.random() * 2 ** 31), version: '0' };
  private saidAt = Number.NEGATIVE_INFINITY;

  /** The newest version that another has said. */
  newest = -1n;

  /** `id`: of this server, unlike any other's. */
  constructor(readonly id: string) {}

  /** Says that this server notes, unless it just has. */
  *note(version: bigint, nowMs: number): Questioning<void> {
    if (this.said.rests || nowMs - this.saidAt >= SAY_MS) yield* this.say(false, version, nowMs);
  }

  /** Says which version its tallies have, before they are written beside those of others. */
  *noteAs(version: bigint, nowMs: number): Questioning<void> {
    yield* this.say(false, version, nowMs);
  }

  /** Says that it notes nothing until it says so. */
  *rest(version: bigint, nowMs: number): Questioning<void> {
    if (!this.said.rests) yield* this.say(true, version, nowMs);
  }

  /** Whether others note, or have since the last look; and whether one of them is gone. */
  *others(nowMs: number): Questioning<Heard> {
    let others = false;
    let left = false;
    let silentMs = 0;
    for (const { name, text } of yield* documents(PREFIX)) {
      const before = this.heard.get(name);
      if (name === noterName(this.id)) continue;
      const isNew = before?.text !== text;
      const atMs = isNew ? nowMs : before.atMs;
      const said = saidIn(text);
      if (said !== null) this.newest = later(this.newest, BigInt(said.version));
      const notes = said !== null && !said.rests && !said.hasEnded;
      const isGone = hasEnded(text) || (notes && nowMs - atMs > GONE_MS);
      this.heard.set(name, { text, atMs, isGone });
      if ((isNew && this.looked) || (notes && !isGone)) others = true;
      if (isGone && !before?.isGone && this.looked) {
        left = true;
        silentMs = Math.max(silentMs, nowMs - atMs);
      }
    }
    this.looked = true;
    return { others, left, silentMs };
  }

  private *say(rests: boolean, version: bigint, nowMs: number): Questioning<void> {
    const said: Said = { rests, turn: this.said.turn + 1, version: String(version) };
    // Where that fails, it is said again.
    this.said = { ...this.said, turn: said.turn };
    yield* note({ documents: [{ name: noterName(this.id), text: JSON.stringify(said) }] });
    this.said = said;
    this.saidAt = nowMs;
  }
}

/** What the document of a server is called. */
export function noterName(id: string): string {
  return `${PREFIX}${id}`;
}

/** What the document says when the server has ended. `text`: what it said last. */
export function endedText(text: string | null): string {
  const said = saidIn(text);
  return said === null ? '' : JSON.stringify({ ...said, hasEnded: true } satisfies Said);
}

/** Whether a server has ended of which this is the document. */
export function hasEnded(text: string | null): boolean {
  const said = saidIn(text);
  return said === null || said.hasEnded === true;
}

function saidIn(text: string | null): Said | null {
  return text === null || text === '' ? null : (JSON.parse(text) as Said);
}
