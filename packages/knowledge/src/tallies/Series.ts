import type { Tally } from '@upshot/model';

/** Workflows whose keys a series names. */
const EXAMPLES = 3;

/** A workflow that is counted. */
export interface Member {
  /** When it began. */
  readonly timeUnixNano: bigint;
  readonly key: string;
}

/** One series of one minute: its sums, and which of its workflows were the first and the newest. */
export class Series {
  /** Workflows that contribute. */
  members = 0;
  /** The first or one of the newest has left: `forget`, then `see` all that are members. */
  isUnsure = false;
  private readonly sums = new Map<number, number>();
  private first: bigint | null = null;
  private newest: Member[] = [];

  constructor(
    readonly kind: string,
    readonly name: string,
  ) {}

  /** `counts`: each counter before what it grows by. */
  add(counts: readonly number[]): void {
    this.count(counts, 1);
  }

  subtract(counts: readonly number[]): void {
    this.count(counts, -1);
  }

  join(member: Member): void {
    this.members++;
    this.see(member);
  }

  leave(member: Member): void {
    this.members--;
    if (member.timeUnixNano === this.first || this.newest.includes(member)) this.isUnsure = true;
  }

  forget(): void {
    this.isUnsure = false;
    this.first = null;
    this.newest = [];
  }

  see(member: Member): void {
    if (this.first === null || member.timeUnixNano < this.first) this.first = member.timeUnixNano;
    const last = this.newest.at(-1);
    if (this.newest.length === EXAMPLES && last !== undefined && isNewer(last, member)) return;
    this.newest.push(member);
    this.newest.sort((a, b) => (isNewer(a, b) ? -1 : 1));
    this.newest.length = Math.min(this.newest.length, EXAMPLES);
  }

  /** What it comes to; not while it is unsure. */
  tally(): Tally {
    return {
      kind: this.kind,
      series: this.name,
      firstUnixNano: this.first!,
      lastUnixNano: this.newest[0]!.timeUnixNano,
      examples: [...new Set(this.newest.map(({ key }) => key))],
      counts: new Map([...this.sums].sort(([a], [b]) => a - b)),
    };
  }

  private count(counts: readonly number[], sign: 1 | -1): void {
    for (let at = 0; at + 1 < counts.length; at += 2) {
      const counter = counts[at]!;
      const sum = (this.sums.get(counter) ?? 0) + sign * counts[at + 1]!;
      if (sum === 0) this.sums.delete(counter);
      else this.sums.set(counter, sum);
    }
  }
}

/** Newest first; ties by key, so that the order of arrival decides nothing. */
function isNewer(a: Member, b: Member): boolean {
  return a.timeUnixNano === b.timeUnixNano ? a.key < b.key : a.timeUnixNano > b.timeUnixNano;
}
