/** Pixels; the style sheet of the timeline draws to the same. */
export const LANE = { height: 56, axis: 34 } as const;

export interface LaneWidths {
  /** Of the column that names the lanes. */
  readonly label: number;
  /** Kept free for the words behind a last bar. */
  readonly right: number;
  /** At the least for the bars, which can be scrolled. */
  readonly bars: number;
}

const WIDE: LaneWidths = { label: 252, right: 150, bars: 160 };
const NARROW: LaneWidths = { label: 132, right: 130, bars: 230 };
/** Below this a label of 252 leaves less for the bars than they are worth. */
const NARROW_BELOW = 600;

export function laneWidths(width: number): LaneWidths {
  return width < NARROW_BELOW ? NARROW : WIDE;
}
