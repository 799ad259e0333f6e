import { createContext, useContext } from 'react';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { StackView } from '../scene/cardSize.js';

/** What every card of the graph needs to know beside itself. */
export interface GraphContextValue {
  readonly index: WorkflowIndex;
  /** The selected node, and the card that shows it. */
  readonly selected: string | null;
  readonly selectedCard: string | null;
  select(node: string | null): void;
  /** Cards that step back while something is pointed at; null: none. */
  readonly faded: ReadonlySet<string> | null;
  /** A picture is taken: all is drawn as if it were near. */
  readonly isPictured: boolean;
  toggleStack(card: string): void;
  stackView(card: string): StackView | undefined;
  setStackView(card: string, view: StackView): void;
  /** Attempts and steps whose events are pointed at show their causes and effects. */
  point(card: string | null): void;
}

export const GraphContext = createContext<GraphContextValue | null>(null);

export function useGraphContext(): GraphContextValue {
  const value = useContext(GraphContext);
  if (!value) throw new Error('a card stands outside of its graph');
  return value;
}
