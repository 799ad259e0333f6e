import type { StepNode } from '@upshot/model';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { StepRow } from './Scene.js';

/** A card shows so many steps; the side panel lists all. */
const MOST = 5;

/** The steps to be seen within a card, as an outline: business steps, and transport spans where they are asked for. */
export function stepRows(
  index: WorkflowIndex,
  owner: string,
  brokerSpans: boolean,
  most = MOST,
): { readonly rows: readonly StepRow[]; readonly more: number } {
  const shown = index.stepsOf(owner).filter((step) => brokerSpans || step.layer === 'business');
  if (shown.length === 0) return { rows: [], more: 0 };
  const ids = new Set(shown.map(({ id }) => id));
  const below = new Map<string, StepNode[]>();
  for (const step of [...shown].sort((a, b) => index.compare(a.id, b.id))) {
    const parent = shownAbove(index, step, ids) ?? '';
    below.set(parent, [...(below.get(parent) ?? []), step]);
  }
  const rows: StepRow[] = [];
  const open = (below.get('') ?? []).map((step) => ({ step, depth: 0 })).reverse();
  for (let row = open.pop(); row; row = open.pop()) {
    rows.push(row);
    const depth = row.depth + 1;
    open.push(...(below.get(row.step.id) ?? []).map((step) => ({ step, depth })).reverse());
  }
  // One that is left over takes no more room than the line that says so.
  const few = rows.length <= most + 1 ? rows.length : most;
  return { rows: rows.slice(0, few), more: shown.length - few };
}

function shownAbove(index: WorkflowIndex, step: StepNode, shown: ReadonlySet<string>): string | null {
  const seen = new Set<string>([step.id]);
  for (
    let at = index.node(step.parent);
    at?.type === 'step' && !seen.has(at.id);
    at = index.node(at.parent)
  ) {
    if (shown.has(at.id)) return at.id;
    seen.add(at.id);
  }
  return null;
}
