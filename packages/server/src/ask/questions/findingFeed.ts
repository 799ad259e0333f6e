import { findingSeriesOf, groupIdOf } from '@upshot/knowledge';
import type { FoundFinding, RollUp } from '@upshot/model';
import { parseLesson } from '../../roll-up/lessonText.js';
import { AskError } from '../AskError.js';
import type { FindingsQuestion } from '../Question.js';
import { type Questioning, rollUps } from '../Questioning.js';

export interface FindingFeed {
  readonly findings: readonly FoundFinding[];
  readonly nextCursor: string | null;
}

/** The findings of all workflows, those of the newest workflow first. */
export function* findingFeed(question: FindingsQuestion): Questioning<FindingFeed> {
  const { since, until, findingKind, page } = question;
  const findings: FoundFinding[] = [];
  const range = {
    ...(since === null ? {} : { since }),
    ...(until === null ? {} : { before: until }),
    facets: findingKind === null ? ['finding'] : [`finding:${findingKind}`],
  };
  let behind = page.cursor === null ? null : parsePlace(page.cursor);
  for (;;) {
    const notes = yield* rollUps({ ...range, ...(behind === null ? {} : { behind }), limit: page.limit });
    for (const note of notes) {
      for (const finding of findingsOf(note, findingKind)) findings.push(finding);
      behind = { timeUnixNano: note.timeUnixNano, id: note.id };
      // Findings of one workflow are never parted: a page may be a little longer than asked for.
      if (findings.length >= page.limit)
        return { findings, nextCursor: `${behind.timeUnixNano}-${behind.id}` };
    }
    if (notes.length < page.limit) return { findings, nextCursor: null };
  }
}

function findingsOf(note: RollUp, kind: string | null): FoundFinding[] {
  return parseLesson(note.lesson)
    .findings.filter((finding) => kind === null || finding.kind === kind)
    .map((finding) => ({
      ...finding,
      key: note.key,
      timeUnixNano: String(note.timeUnixNano),
      group: groupIdOf(findingSeriesOf(finding)),
    }));
}

/** Behind which workflow the next page begins. */
function parsePlace(cursor: string): { timeUnixNano: bigint; id: string } {
  const match = /^([0-9]{1,20})-([0-9a-f]{16})$/.exec(cursor);
  if (match === null)
    throw new AskError('bad-request', 'cursor must be the nextCursor of the page before, unchanged');
  return { timeUnixNano: BigInt(match[1]!), id: match[2]! };
}
