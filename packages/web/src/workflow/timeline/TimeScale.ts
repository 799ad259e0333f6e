import { formatOffset } from '../../words/format.js';
import { lengthOf, type Stretch } from './findFolds.js';

/** Pixels that a folded stretch takes. */
export const FOLD_WIDTH = 26;
/** Pixels between labels of the axis, at least. */
const LABEL_WIDTH = 76;
const SECOND = 1_000_000_000n;
/** Nanoseconds between labels: lengths that one counts in. */
const STEPS: readonly bigint[] = [
  ...[1n, 10n, 100n, 1000n, 10_000n, 100_000n, 1_000_000n, 10_000_000n, 100_000_000n].flatMap((unit) => [
    unit,
    2n * unit,
    5n * unit,
  ]),
  ...[1n, 2n, 5n, 10n, 20n, 30n, 60n, 120n, 300n, 600n, 1800n, 3600n, 7200n, 21_600n, 43_200n, 86_400n].map(
    (seconds) => seconds * SECOND,
  ),
];

export interface Tick {
  readonly x: number;
  readonly label: string;
}

/** Time as pixels: one scale for all parts, folded stretches aside, each of which takes a narrow band. */
export class TimeScale {
  private readonly perNano: number;

  constructor(
    readonly start: bigint,
    readonly end: bigint,
    readonly folds: readonly Stretch[],
    readonly width: number,
  ) {
    const shown = folds.reduce((rest, fold) => rest - lengthOf(fold), end - start);
    const room = Math.max(1, width - folds.length * FOLD_WIDTH);
    this.perNano = shown > 0n ? room / Number(shown) : 0;
  }

  /** Times before the start and after the end lie on the edge. */
  x(time: bigint): number {
    const at = time < this.start ? this.start : time > this.end ? this.end : time;
    let shown = at - this.start;
    let bands = 0;
    for (const fold of this.folds) {
      if (at <= fold.from) break;
      if (at < fold.to) {
        const part = Number(at - fold.from) / Number(lengthOf(fold));
        return this.pixels(fold.from - this.start - this.foldedBefore(fold)) + bands + part * FOLD_WIDTH;
      }
      shown -= lengthOf(fold);
      bands += FOLD_WIDTH;
    }
    return this.pixels(shown) + bands;
  }

  /** Where the axis says how late it is: round offsets from the start, none within a fold, none upon another. */
  ticks(): Tick[] {
    const step = STEPS.find((one) => Number(one) * this.perNano >= LABEL_WIDTH) ?? STEPS.at(-1)!;
    const ticks: Tick[] = [{ x: 0, label: '0 s' }];
    const parts = [this.start, ...this.folds.map(({ to }) => to)].map((from, at) => ({
      from,
      to: this.folds[at]?.from ?? this.end,
    }));
    for (const part of parts) {
      const first = ((part.from - this.start + step - 1n) / step) * step;
      for (let offset = first; this.start + offset <= part.to; offset += step) {
        const x = this.x(this.start + offset);
        const last = ticks.at(-1)!;
        if (x - last.x >= LABEL_WIDTH * 0.8)
          ticks.push({ x, label: formatOffset(this.start + offset, this.start) });
        if (ticks.length > 200) return ticks;
      }
    }
    return ticks;
  }

  private foldedBefore(fold: Stretch): bigint {
    return this.folds.reduce((sum, one) => (one.to <= fold.from ? sum + lengthOf(one) : sum), 0n);
  }

  private pixels(nanos: bigint): number {
    return Number(nanos) * this.perNano;
  }
}
