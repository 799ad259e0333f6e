import { didYouMean } from '../rules/nearest.js';

/** Where in a document something is wrong, and what would be right. */
export interface Fault {
  /** Keys and indexes from the root. */
  readonly path: readonly (string | number)[];
  /** Whether the last key is wrong, or what stands under it. */
  readonly at: 'key' | 'value';
  readonly message: string;
}

export type Path = readonly (string | number)[];
export type PlainObject = Readonly<Record<string, unknown>>;

/** A document with more faults than this is another kind of document. */
const MAX_FAULTS = 20;
const MAX_ITEMS = 1000;
const MAX_TEXT = 500;

/** Reads plain data and notes what is wrong with it, all of it and not only the first. What could not be read is null. */
export class DocumentReader {
  readonly faults: Fault[] = [];

  fault(path: Path, message: string, at: Fault['at'] = 'value'): null {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ path, at, message });
    return null;
  }

  /** An object with no other keys than these. */
  object(value: unknown, path: Path, keys: readonly string[]): PlainObject | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.fault(path, `must be a map with the keys ${listOf(keys)}, and is ${kindOf(value)}`);
    for (const key of Object.keys(value)) {
      if (!keys.includes(key))
        this.fault([...path, key], `unknown key ${quoted(key)}${hint(key, keys)}`, 'key');
    }
    return value as PlainObject;
  }

  /** A map with keys of the writer's choice; `what` says what they are. */
  map<Item>(
    value: unknown,
    path: Path,
    what: string,
    item: (value: unknown, path: Path, key: string) => Item | null,
  ): Item[] {
    if (value === undefined) return [];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.fault(path, `must be a map of ${what}, and is ${kindOf(value)}`);
      return [];
    }
    const entries = Object.entries(value);
    if (entries.length > MAX_ITEMS) {
      this.fault(path, `has ${entries.length} entries; at most ${MAX_ITEMS} are taken`);
      return [];
    }
    return entries.flatMap(([key, inner]) => {
      const read = item(inner, [...path, key], key);
      return read === null ? [] : [read];
    });
  }

  list<Item>(
    value: unknown,
    path: Path,
    what: string,
    item: (value: unknown, path: Path) => Item | null,
  ): Item[] | null {
    if (value === undefined) return null;
    if (!Array.isArray(value)) return this.fault(path, `must be a list of ${what}, and is ${kindOf(value)}`);
    if (value.length > MAX_ITEMS)
      return this.fault(path, `has ${value.length} items; at most ${MAX_ITEMS} are taken`);
    return value.flatMap((inner, at) => {
      const read = item(inner, [...path, at]);
      return read === null ? [] : [read];
    });
  }

  /** A list, or one item in the place of a list of one. */
  oneOrMore<Item>(
    value: unknown,
    path: Path,
    what: string,
    item: (value: unknown, path: Path) => Item | null,
  ): Item[] | null {
    if (value === undefined || Array.isArray(value)) return this.list(value, path, what, item);
    const read = item(value, path);
    return read === null ? null : [read];
  }

  text(value: unknown, path: Path, what: string): string | null {
    if (typeof value !== 'string' || value.trim() === '')
      return this.fault(path, `must be ${what}, and is ${kindOf(value)}`);
    if (value.length > MAX_TEXT)
      return this.fault(path, `must be ${what}, and is longer than ${MAX_TEXT} characters`);
    return value;
  }

  oneOf<Word extends string>(
    value: unknown,
    path: Path,
    what: string,
    words: readonly Word[],
    at: Fault['at'] = 'value',
  ): Word | null {
    const word = words.find((one) => one === value);
    if (word !== undefined) return word;
    const given = typeof value === 'string' ? value : '';
    return this.fault(path, `${kindOf(value)} is no ${what}${hint(given, words)}`, at);
  }

  count(value: unknown, path: Path, what: string): number | null {
    if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 1_000_000)
      return value as number;
    return this.fault(path, `must be ${what}, a whole number from 1, and is ${kindOf(value)}`);
  }
}

/** The known word that was meant, or all that there are. */
function hint(word: string, known: readonly string[]): string {
  const meant = didYouMean(word, known);
  return meant === '' || known.length <= 10 ? `${meant}; known are ${listOf(known)}` : meant;
}

function listOf(words: readonly string[]): string {
  return words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What stands there, short, for whoever wrote it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? quoted(value) : String(value);
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}
