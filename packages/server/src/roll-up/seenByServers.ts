import type { NamedText } from '@upshot/storage';
import { document, documents, type Questioning } from '../ask/Questioning.js';
import { hasEnded, noterName } from './Noters.js';
import { rowsBetween } from './rowsBetween.js';
import { goneDocuments, SeenLog, type SeenProgress } from './SeenLog.js';

/** Where each of the servers on one store says which correlation IDs it has met: all of them meet all. */
const PREFIX = 'roll-up-met/';
/** What a server that was killed has left is of no use a day after. */
const FORGOTTEN_NANO = 86_400_000_000_000n;
/** How often it is read again when its server changes it meanwhile. */
const TRIES = 3;

interface Met extends SeenProgress {
  /** Of all that arrived up to then, Unix nanoseconds as a decimal string. */
  readonly mark: string;
}

export interface SeenByServers {
  /** What arrived up to the mark; null where nobody knows all of it. */
  readonly seen: SeenLog | null;
  /** What puts an end to the documents of servers that have ended, when this server has written its own. */
  readonly outlived: readonly NamedText[];
}

/** A new log of the server with this ID. */
export function newSeenOf(id: string): SeenLog {
  return new SeenLog(seenName(id));
}

/** What the server says of its log when all up to the mark is in it. */
export function metDocument(id: string, seen: SeenLog, mark: bigint): NamedText {
  return { name: metName(id), text: JSON.stringify({ mark: String(mark), ...seen.progress() }) };
}

/** The correlation IDs of all that arrived up to a mark, as the servers on this store wrote them down, for the server with this ID. */
export function* seenByServers(id: string, mark: bigint): Questioning<SeenByServers> {
  const all: { id: string; met: Met }[] = [];
  for (const { name, text } of yield* documents(PREFIX))
    if (text !== '') all.push({ id: name.slice(PREFIX.length), met: JSON.parse(text) as Met });
  all.sort((a, b) => Number(BigInt(b.met.mark) - BigInt(a.met.mark)));
  const outlived: NamedText[] = [];
  let seen: SeenLog | null = null;
  for (const { id: other, met } of all) {
    seen ??= yield* readFrom(other, met, mark);
    if (other === id) continue;
    const isThere = !hasEnded(yield* document(noterName(other)));
    if (isThere && mark - BigInt(met.mark) < FORGOTTEN_NANO) continue;
    outlived.push(
      { name: metName(other), text: '' },
      { name: noterName(other), text: '' },
      ...goneDocuments(met, seenName(other)),
    );
  }
  // Without any of them there is nothing that could take their place.
  return seen === null ? { seen, outlived: [] } : { seen: seen.copiedTo(seenName(id)), outlived };
}

/** What one of them knows, and what arrived since; null where that is too much, or a part is gone. */
function* readFrom(id: string, met: Met, mark: bigint): Questioning<SeenLog | null> {
  let said = met;
  for (let tries = 0; tries < TRIES; tries++) {
    const log = yield* SeenLog.resumed(said, seenName(id));
    const text = yield* document(metName(id));
    if (log === null || text === null || text === '') return null;
    const now = JSON.parse(text) as Met;
    // It began anew with its pieces while they were read.
    if (now.pieces < said.pieces) {
      said = now;
      continue;
    }
    const whole = yield* rowsBetween(BigInt(said.mark), mark, ({ spans, records }) => {
      // All their keys: those of other kinds do no harm.
      const { halves } = spans.keys;
      for (let at = 0; at + 1 < halves.length; at += 2) log.addKey(halves[at]!, halves[at + 1]!);
      for (const { keys } of records) for (const [low, high] of keys) log.addKey(low, high);
    });
    return whole ? log : null;
  }
  return null;
}

function metName(id: string): string {
  return `${PREFIX}${id}`;
}

function seenName(id: string): string {
  return `roll-up-seen/${id}`;
}
