import { createHash, createHmac } from 'node:crypto';
import { fitsGlob } from '@upshot/conventions';

export const REDACTIONS = ['drop', 'mask', 'hash'] as const;
/**
 * What becomes of an attribute. `drop`: it is left out. `mask`: its value is `***`. `hash`: its value is a hash of it, so that equal values remain equal: what
 * joins still joins, and is asked for by its hash.
 */
export type RedactionAction = (typeof REDACTIONS)[number];

export interface RedactionRule {
  readonly action: RedactionAction;
  /** A key, in which `*` is any run of characters; without regard to case. Keys within a value that is a map are `outer.inner`. */
  readonly key: string;
}

export interface RedactionOptions {
  /** The first rule that fits a key counts. */
  readonly rules: readonly RedactionRule[];
  /** With it hashes can't be guessed from likely values. Who changes it changes every hash. */
  readonly secret: string | null;
}

const MASKED = '***';
/** Hex digits of a hash: 64 bits. */
const DIGITS = 16;
/** Keys whose rule is remembered; the keys of telemetry are few. */
const MOST_KEYS = 10_000;

/** Rules for what must not be stored, applied before anything else is done with telemetry: neither rows nor look-up keys know what they took away. */
export class Redaction {
  private readonly rules: readonly RedactionRule[];
  private readonly known = new Map<string, RedactionAction | null>();

  constructor(private readonly options: RedactionOptions) {
    this.rules = options.rules.map(({ action, key }) => ({ action, key: key.toLowerCase() }));
  }

  /** What to do with the value under a key; null: nothing. */
  actionFor(key: string): RedactionAction | null {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const lower = key.toLowerCase();
    const action = this.rules.find((rule) => fitsGlob(lower, rule.key))?.action ?? null;
    if (this.known.size >= MOST_KEYS) this.known.clear();
    this.known.set(key, action);
    return action;
  }

  /** What stands in place of a value, given as the bytes that stand for it. */
  replacement(action: 'mask' | 'hash', value: Uint8Array): string {
    if (action === 'mask') return MASKED;
    const { secret } = this.options;
    const hash = secret === null ? createHash('sha256') : createHmac('sha256', secret);
    return hash.update(value).digest('hex').slice(0, DIGITS);
  }
}
