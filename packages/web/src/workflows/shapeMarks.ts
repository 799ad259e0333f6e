import type { DeliveryStatus, WorkflowRow } from '@upshot/model';
import { badness } from '../words/states.js';

export interface ShapeMark {
  readonly status: DeliveryStatus;
  readonly x: number;
  readonly y: number;
}

export interface ShapeColumn {
  readonly x: number;
  readonly marks: readonly ShapeMark[];
  /** Branches of this distance that are not drawn one by one. */
  readonly more: number;
}

export const PITCH = { x: 17, y: 7 };
export const SHAPE_HEIGHT = 30;
const MOST = 4;

/** Where the marks of a shape stand: a column for each distance from the root, at most four marks in each, the worst first. */
export function shapeMarks(shape: WorkflowRow['shape']): readonly ShapeColumn[] {
  return shape.map((statuses, column) => {
    const x = 16 + (column + 1) * PITCH.x - 12;
    const drawn = [...statuses].sort((a, b) => badness(a) - badness(b)).slice(0, MOST);
    const top = SHAPE_HEIGHT / 2 - ((drawn.length - 1) * PITCH.y) / 2;
    return {
      x,
      marks: drawn.map((status, row) => ({ status, x, y: top + row * PITCH.y })),
      more: statuses.length - drawn.length,
    };
  });
}
