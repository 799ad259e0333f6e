import type { Cause } from '@upshot/model';
import { CERTAINTIES, type Certainty, certaintyOf, certaintyWords } from '../../words/evidence.js';
import { formatCount } from '../../words/format.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Card, SceneEdge } from './Scene.js';

/** The lines between cards: all causes that lead from one to the other are one line, as sure as the least sure of them. */
export function sceneEdges(
  index: WorkflowIndex,
  cards: readonly Card[],
  cardOf: ReadonlyMap<string, string>,
  pillOf: ReadonlyMap<string, string>,
): SceneEdge[] {
  const byEnds = new Map<string, { from: string; pill: string | null; to: string; causes: Cause[] }>();
  for (const cause of causesOf(index)) {
    const [from, to] = [cardOf.get(cause.from), cardOf.get(cause.to)];
    if (from === undefined || to === undefined || from === to) continue;
    const pill = pillOf.get(cause.from) ?? null;
    const key = `${from}\0${pill ?? ''}\0${to}`;
    const edge = byEnds.get(key);
    if (edge) edge.causes.push(cause);
    else byEnds.set(key, { from, pill, to, causes: [cause] });
  }
  const rank = new Map(cards.map(({ id }, at) => [id, at]));
  const ghosts = new Set(
    cards.flatMap((card) =>
      card.kind === 'delivery' && card.delivery.status === 'missing' ? [card.id] : [],
    ),
  );
  return [...byEnds.values()]
    .map(({ from, pill, to, causes }) => {
      const certaintyHere = (cause: Cause) => certaintyAt(index, cause);
      const certainty = causes
        .map(certaintyHere)
        .sort((a, b) => CERTAINTIES.indexOf(b) - CERTAINTIES.indexOf(a))[0]!;
      const doubtful = causes.filter((cause) => certaintyHere(cause) === certainty);
      const words = ghosts.has(to) || certainty === 'declared' ? null : certaintyWords(doubtful[0]!);
      const part =
        words !== null && causes.length > 1 && doubtful.length < causes.length
          ? `${words}: ${formatCount(doubtful.length)} of ${formatCount(causes.length)}`
          : words;
      return {
        id: `${from}>${pill ?? ''}>${to}`,
        from,
        pill,
        to,
        certainty,
        words: part,
        causes,
        isCritical: causes.some((cause) => index.critical.has(cause.from) && index.critical.has(cause.to)),
        isGhost: ghosts.has(to),
      };
    })
    .sort((a, b) => rank.get(a.to)! - rank.get(b.to)! || rank.get(a.from)! - rank.get(b.from)!);
}

/**
 * How sure a cause is. IDs that an event record states are declarations, and so are those of a dead letter: only where the API finds the causality
 * broken did IDs have to stand in for a context that was lost.
 */
function certaintyAt(index: WorkflowIndex, cause: Cause): Certainty {
  const certainty = certaintyOf(cause);
  if (certainty !== 'stitched') return certainty;
  return index.findingsOf(cause.to).some(({ kind }) => kind === 'broken-causality') ? 'stitched' : 'declared';
}

/** The answer's causes, and the one that every delivery has by its own field. */
function* causesOf(index: WorkflowIndex): Generator<Cause> {
  yield* index.graph.causes;
  for (const { id, event } of index.graph.deliveries) {
    if (index.event(event) && !index.causes(id).some(({ from }) => from === event)) {
      yield { from: event, to: id, kind: 'delivered', evidence: [], confidence: 1 };
    }
  }
}
