/** Pixels; the style sheet of the timeline draws to the same. */
export const LANE = { height: 56, label: 252, right: 150, axis: 34 } as const;
