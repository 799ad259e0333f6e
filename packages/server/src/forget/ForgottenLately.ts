import { randomBytes } from 'node:crypto';
import { KeyKind, keyOf } from '@upshot/model';
import type { Store } from '@upshot/storage';

/** The document in which servers tell each other, and their background, what was forgotten. */
export const FORGOTTEN_LATELY = 'forgotten-lately';
/** Entries kept: whoever notes workflows looks at them every few seconds. */
const MOST = 64;
/** How often it is said again where another server wrote over it. */
const ATTEMPTS = 5;

/** One workflow that was forgotten, by hashes of its key and trace IDs. */
export interface ForgottenEntry {
  readonly id: string;
  readonly names: readonly string[];
}

/** Tells whoever notes workflows which one was forgotten. Resolves when that is durable. `names`: its key and its trace IDs. */
export async function sayForgotten(store: Store, names: readonly string[]): Promise<void> {
  const entry: ForgottenEntry = { id: randomBytes(8).toString('hex'), names: names.map(hashOfName) };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const said = parseForgottenLately(await store.document(FORGOTTEN_LATELY));
    if (said.some(({ id }) => id === entry.id)) return;
    await store.putDocument(FORGOTTEN_LATELY, JSON.stringify([...said, entry].slice(-MOST)));
  }
}

export function parseForgottenLately(text: string | null): readonly ForgottenEntry[] {
  return text === null ? [] : (JSON.parse(text) as ForgottenEntry[]);
}

/** 64 bits of a name, in hex: what is forgotten is not told. */
export function hashOfName(name: string): string {
  const [low, high] = keyOf(KeyKind.link, name);
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}
