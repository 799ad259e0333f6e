import type { HeadersLike } from './clients.js';

const ENCODER = new TextEncoder();

/**
 * Headers of a message that is to be sent, in the form that both clients take: theirs could be made by their library alone, which is never imported.
 * A copy, so that the caller's stay as they are.
 */
export class CarryingHeaders implements HeadersLike {
  readonly code = 0;
  readonly description = '';
  readonly hasError = false;
  readonly status = '';
  private readonly byName = new Map<string, string[]>();

  constructor(own: HeadersLike | undefined, ours: Readonly<Record<string, string>>) {
    if (own !== undefined) for (const [name, values] of own) this.byName.set(name, [...values]);
    for (const name in ours) this.set(name, ours[name]!);
  }

  get(name: string): string {
    return this.byName.get(name)?.[0] ?? '';
  }

  last(name: string): string {
    return this.byName.get(name)?.at(-1) ?? '';
  }

  values(name: string): string[] {
    return [...(this.byName.get(name) ?? [])];
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  set(name: string, value: string): void {
    this.byName.set(name, [checked(value)]);
  }

  append(name: string, value: string): void {
    this.byName.set(name, [...this.values(name), checked(value)]);
  }

  delete(name: string): void {
    this.byName.delete(name);
  }

  keys(): string[] {
    return [...this.byName.keys()];
  }

  size(): number {
    return this.byName.size;
  }

  [Symbol.iterator](): IterableIterator<[string, string[]]> {
    return this.byName.entries();
  }

  toRecord(): Record<string, string[]> {
    return Object.fromEntries(this.byName);
  }

  toString(): string {
    if (this.byName.size === 0) return '';
    const lines = ['NATS/1.0'];
    for (const [name, values] of this.byName) for (const value of values) lines.push(`${name}: ${value}`);
    return `${lines.join('\r\n')}\r\n\r\n`;
  }

  /** As it goes over the wire. */
  encode(): Uint8Array {
    return ENCODER.encode(this.toString());
  }
}

/** @throws TypeError for a value that would end the header, as the library's own */
function checked(value: string): string {
  if (/[\r\n]/.test(value)) throw new TypeError('a header of NATS may hold no line break');
  return value.trim();
}
