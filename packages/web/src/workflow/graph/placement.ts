/** What a layout needs to know of a card. */
export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** What it needs to know of a line; heights are relative to the cards. */
export interface Link {
  readonly id: string;
  readonly from: string;
  readonly fromY: number;
  readonly to: string;
  readonly toY: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  /** The upper left corner of each card. */
  readonly places: ReadonlyMap<string, Point>;
  /** Where a line bends on its way; lines between neighbours have none. */
  readonly bends: ReadonlyMap<string, readonly Point[]>;
}

/** Pixels between cards below each other, and between columns. Pills stick out into the latter. */
export const GAP = { below: 26, columns: 67 } as const;
