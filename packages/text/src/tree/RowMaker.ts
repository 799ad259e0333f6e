import type { GraphNode } from '@upshot/model';
import type { Part } from '../layout/Part.js';
import type { Claims } from './Claims.js';
import type { Child, Outline } from './Outline.js';
import type { Row } from './Row.js';

export interface TreeOptions {
  /** When the workflow began, and the clock. Unix nanoseconds. */
  readonly start: bigint;
  readonly now: bigint;
  readonly critical: ReadonlySet<string>;
  /** Node ID of a missing delivery → why it was expected. */
  readonly evidence: ReadonlyMap<string, string>;
  /** Every branch and every attempt on lines of its own. */
  readonly full: boolean;
}

/** What the makers of single rows, deliveries and stacks share. */
export interface RowMaker {
  readonly outline: Outline;
  readonly options: TreeOptions;
  readonly claims: Claims;
  /**
   * The rows of these children, like ones stacked. Claims them.
   * @param above what stands above them; null at the root.
   * @param inStack whether that is a stack: then even two like children are one.
   */
  rows(children: readonly Child[], above: GraphNode | null, inStack?: boolean): Row[];
  /** The row of one node. `alone`: its event does not stand above it. */
  single(child: Child, above: GraphNode | null, alone: boolean): Row;
  /** What any row may say of its nodes: how they were joined, what was folded into them, their number. */
  marks(ids: readonly string[], joined: string | null): Part[];
}

export type NodeOf<T extends GraphNode['type']> = Extract<GraphNode, { readonly type: T }>;
