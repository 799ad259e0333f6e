import { type EntryPoint, KeyKind, keyOf } from '@upshot/model';
import { compareEntries } from '@upshot/storage';
import { AskError } from '../AskError.js';
import type { Candidate } from './Candidate.js';

/** Workflows whose marks a cursor carries, so that none comes twice. The newest: they are those that still change. */
const MAX_MARKS = 400;
const MARK_BYTES = 6;
const FIRST: EntryPoint = { timeUnixNano: 2n ** 64n - 1n, traceId: '', spanId: '', eventId: '' };

interface CursorParts {
  readonly position: EntryPoint;
  /** The last workflow listed; null: all workflows at the position are done. */
  readonly key: string | null;
  /** Whether the workflows of which `q` is an ID came first, out of their order. */
  readonly exactFirst: boolean;
  readonly marks: ReadonlySet<string>;
}

/**
 * Where a page ended. Workflows stand in the order of their earliest entry point (then of their key), which is also the order in which
 * the store is walked: what is below the cursor has not been listed, whatever arrives above it in the meantime.
 *
 * An entry point that arrives late may move a workflow that was listed below the cursor. Therefore the cursor also carries marks of
 * what was listed: hashes of key and earliest entry point. A workflow that still has that entry point is not listed again.
 */
export class ListCursor {
  constructor(private readonly parts: CursorParts) {}

  /** Before the first workflow of a list whose exact matches have been shown already. */
  static afterExactMatches(): ListCursor {
    return new ListCursor({ position: FIRST, key: null, exactFirst: true, marks: new Set() });
  }

  /** Behind the last of these workflows; with `scanned`, behind everything down to there. One of both must be. */
  static behind(
    previous: ListCursor | null,
    listed: readonly Candidate[],
    scanned: EntryPoint | null,
  ): ListCursor {
    const marks = new Set(previous?.parts.marks);
    for (const { position, key } of listed) {
      if (marks.size < MAX_MARKS) marks.add(mark(key, position));
    }
    const last = listed.at(-1);
    const place = scanned ? { position: scanned, key: null } : last;
    if (!place) throw new Error('A cursor needs a position');
    const exactFirst = previous?.parts.exactFirst ?? false;
    return new ListCursor({ position: place.position, key: place.key, exactFirst, marks });
  }

  /** Throws `AskError` where the text is none that `toString` gave. */
  static parse(text: string): ListCursor {
    try {
      const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
      if (!isEncoded(parts)) throw new Error('Not what a cursor holds');
      const [time, traceId, spanId, eventId, key, exact, packed] = parts;
      const marks = new Set<string>();
      const hex = Buffer.from(packed, 'base64url').toString('hex');
      for (let at = 0; at < hex.length; at += MARK_BYTES * 2) marks.add(hex.slice(at, at + MARK_BYTES * 2));
      const position = { timeUnixNano: BigInt(time), traceId, spanId, eventId };
      return new ListCursor({ position, key, exactFirst: exact === 1, marks });
    } catch (cause) {
      throw new AskError('bad-request', 'cursor must be the nextCursor of the page before, unchanged', {
        cause,
      });
    }
  }

  toString(): string {
    const { position, key, exactFirst, marks } = this.parts;
    const { timeUnixNano, traceId, spanId, eventId } = position;
    const packed = Buffer.from([...marks].join(''), 'hex').toString('base64url');
    const encoded: Encoded = [`${timeUnixNano}`, traceId, spanId, eventId, key, exactFirst ? 1 : 0, packed];
    return Buffer.from(JSON.stringify(encoded)).toString('base64url');
  }

  get exactFirst(): boolean {
    return this.parts.exactFirst;
  }

  /** Where the walk goes on. Workflows may share an entry point: those at the position itself are done only where no key is named. */
  get from(): { position: EntryPoint; inclusive: boolean } {
    return { position: this.parts.position, inclusive: this.parts.key !== null };
  }

  /** Whether this workflow comes on a later page than the one that ended here. */
  isBefore(candidate: Candidate): boolean {
    const { position, key } = this.parts;
    const order = compareEntries(position, candidate.position);
    if (order > 0 || (order === 0 && (key === null || candidate.key <= key))) return false;
    return !this.hasListed(candidate);
  }

  private hasListed({ graph, entries }: Candidate): boolean {
    const { marks } = this.parts;
    if (marks.size === 0) return false;
    // Its key may have been another then: a part of the workflow was not there yet.
    const keys = new Set([graph.key, ...graph.correlationIds, ...graph.traceIds]);
    return entries.some((entry) => [...keys].some((key) => marks.has(mark(key, entry))));
  }
}

type Encoded = [
  time: string,
  traceId: string,
  spanId: string,
  eventId: string,
  key: string | null,
  exactFirst: 0 | 1,
  marks: string,
];

function isEncoded(parts: unknown): parts is Encoded {
  if (!Array.isArray(parts) || parts.length !== 7) return false;
  const [time, traceId, spanId, eventId, key, exact, marks] = parts as unknown[];
  return (
    typeof time === 'string' &&
    /^[0-9]{1,20}$/.test(time) &&
    [traceId, spanId, eventId, key ?? '', marks].every((part) => typeof part === 'string') &&
    (exact === 0 || exact === 1)
  );
}

function mark(key: string, { traceId, spanId, eventId }: EntryPoint): string {
  const [low, high] = keyOf(KeyKind.link, JSON.stringify([key, traceId, spanId, eventId]));
  return (hex8(high) + hex8(low)).slice(-MARK_BYTES * 2);
}

function hex8(word: number): string {
  return word.toString(16).padStart(8, '0');
}
