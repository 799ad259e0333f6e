import { askWorkflowsAt } from '@upshot/causality';
import type { RollUp } from '@upshot/model';
import type { NotedRow } from '../../roll-up/notesOf.js';
import type { Question, WorkflowFilter } from '../Question.js';
import { asking, type Questioning } from '../Questioning.js';
import { matchesFilter } from './matchesFilter.js';
import { RowsRead } from './RowsRead.js';

/** Verdicts kept: of a minute in which a thousand workflows a second end, for one stream that filters. */
const MOST_KEPT = 60_000;
/** Workflows assembled together, and for one answer. */
const AT_ONCE = 50;
const MOST_ASSEMBLED = 500;
/** What attributes and texts are looked for in. */
const WHOLE = 100_000;

/**
 * Which of the noted workflows pass filters that their notes can't answer: each is assembled once for each of its notes, and the verdict kept, for a stream asks of the
 * same minute again and again.
 */
export class NotedMatches {
  private readonly verdicts = new Map<string, boolean>();

  /** Those that pass; `left`: more were new than may be assembled for one answer, and are left for the next. */
  *among(
    notes: readonly RollUp[],
    filter: WorkflowFilter,
    { nowUnixNano, conventions = null }: Pick<Question, 'nowUnixNano' | 'conventions'>,
  ): Questioning<{ readonly passing: RollUp[]; readonly left: boolean }> {
    const { attributes, q } = filter;
    const wanted = JSON.stringify([attributes, q]);
    const nameOf = ({ id, version }: RollUp) => `${id} ${version} ${wanted}`;
    const unknown = notes.filter((note) => !this.verdicts.has(nameOf(note)));
    const looked = unknown.slice(0, MOST_ASSEMBLED);
    const content = { ...NOTHING_ELSE, attributes, q };
    for (let at = 0; at < looked.length; at += AT_ONCE) {
      const some = looked.slice(at, at + AT_ONCE);
      const rows = new RowsRead(attributes);
      const entries = some.map(({ row, timeUnixNano }) => ({
        timeUnixNano,
        ...(JSON.parse(row) as NotedRow).entry,
      }));
      const graphs = yield* asking(
        askWorkflowsAt(entries, { nowUnixNano, conventions, limit: WHOLE }),
        (found) => rows.add(found),
      );
      const keys = new Set(
        graphs.filter((graph) => matchesFilter(graph, content, rows)).map(({ key }) => key),
      );
      for (const note of some) this.keep(nameOf(note), keys.has(note.key));
    }
    return {
      passing: notes.filter((note) => this.verdicts.get(nameOf(note)) === true),
      left: looked.length < unknown.length,
    };
  }

  private keep(name: string, passes: boolean): void {
    this.verdicts.set(name, passes);
    if (this.verdicts.size > MOST_KEPT) this.verdicts.delete(this.verdicts.keys().next().value!);
  }
}

/** The notes have answered all else. */
const NOTHING_ELSE: WorkflowFilter = {
  statuses: null,
  event: null,
  consumer: null,
  service: null,
  environment: null,
  attributes: [],
  q: null,
};
