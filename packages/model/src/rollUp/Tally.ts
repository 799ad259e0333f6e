/** Minutes since 1970: the cell of event time in which a workflow that begins then is counted. */
export type Minute = number;

/** A bag of sums under a name: all there is to be counted of one series within a span of event time. Sums of tallies are tallies. */
export interface Tally {
  /** What sort of series: `hop`, `publish`, `finding`, `convention`, `workflow`. Never empty. */
  readonly kind: string;
  /** What distinguishes it within its kind, as canonical JSON. */
  readonly series: string;
  /** Event times of the first and the last workflow counted, Unix nanoseconds. */
  readonly firstUnixNano: bigint;
  readonly lastUnixNano: bigint;
  /** Keys of some workflows counted, the latest first; at most 3. */
  readonly examples: readonly string[];
  /**
   * Counters by number (signed 32 bits; what a number means is the kind's own matter): whole numbers ≥ 0, below 2^53. A counter of 0 is as
   * one that is not there, and a store leaves it out of sums.
   */
  readonly counts: ReadonlyMap<number, number>;
}

/** All tallies of one minute. It replaces what was there for the minute, unless that has a later version; an empty list clears it. */
export interface TallyCell {
  readonly minute: Minute;
  /** When the notes behind it began to be read, Unix nanoseconds. */
  readonly version: bigint;
  readonly tallies: readonly Tally[];
}

export interface TallyQuery {
  readonly kinds: readonly string[];
  /** From this minute, inclusive; default: the first there is. */
  readonly since?: Minute;
  /** To this minute, exclusive; default: the last there is. */
  readonly until?: Minute;
  /** Sums for each span of so many minutes, counted from minute 0; default: one sum over the whole range. */
  readonly every?: number;
  /** Only these series. */
  readonly series?: readonly string[];
  /** `none`: whoever shows none is spared what they cost, and sums come without them. */
  readonly examples?: 'none';
}

/** A tally over a span of minutes that begins with `minute` (0 where the whole range was asked for). */
export interface TallySum {
  readonly minute: Minute;
  readonly tally: Tally;
}
