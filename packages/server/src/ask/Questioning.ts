import type { Asking } from '@upshot/causality';
import type {
  Arrivals,
  Found,
  Lookup,
  RollUp,
  RollUpCount,
  RollUpCountQuery,
  RollUpQuery,
  TallyCell,
  TallyQuery,
  TallySum,
} from '@upshot/model';
import type { NamedText } from '@upshot/storage';

/** What a question wants of the store next. */
export type Want =
  | { readonly type: 'find'; readonly lookup: Lookup }
  | {
      readonly type: 'arrived';
      readonly after: bigint | null;
      /** About so many arrivals. */
      readonly limit: number;
      /** Of how many traces one is wanted; null: no rows. */
      readonly oneIn: number | null;
      /** Rows that came after this are left out. Default: none are. */
      readonly until?: bigint;
    }
  | { readonly type: 'clear' }
  | { readonly type: 'rollUps'; readonly query: RollUpQuery }
  | { readonly type: 'counts'; readonly query: RollUpCountQuery }
  | { readonly type: 'tallies'; readonly query: TallyQuery; readonly orNone: boolean }
  | { readonly type: 'document'; readonly name: string }
  | { readonly type: 'documents'; readonly prefix: string }
  | {
      readonly type: 'note';
      readonly rollUps: readonly RollUp[];
      readonly cells: readonly TallyCell[];
      readonly documents: readonly NamedText[];
    };

/** What has arrived, with the rows behind it; without them where none were wanted, or there are none. */
export interface Arrived {
  readonly page: Arrivals;
  readonly found: Found | null;
}

export type Got = Found | Arrived | RollUp[] | RollUpCount[] | TallySum[] | NamedText[] | string | null;

/** What the store is asked for ahead: the question works on, and comes back for it by its ticket. */
export type Step =
  | Want
  | { readonly type: 'ahead'; readonly ticket: number; readonly want: Want }
  | { readonly type: 'awaited'; readonly ticket: number };

/** A question under way, as causality's `Asking`, that may also ask the store for more than rows by key. */
export type Questioning<Answer> = Generator<Step, Answer, Got>;

/** Asks, and does not wait. `ticket`: a number above 0 that no other of the question's open wants has. */
export function* ahead(ticket: number, want: Want): Questioning<void> {
  yield { type: 'ahead', ticket, want };
}

/** Waits for what was asked ahead. */
export function* awaited(ticket: number): Questioning<Got> {
  return yield { type: 'awaited', ticket };
}

/** Runs a question of causality inside one of ours. `watch` sees all the rows on their way. */
export function* asking<Answer>(
  question: Asking<Answer>,
  watch?: (found: Found) => void,
): Questioning<Answer> {
  let step = question.next();
  while (!step.done) {
    const found = yield* find(step.value);
    watch?.(found);
    step = question.next(found);
  }
  return step.value;
}

export function* find(lookup: Lookup): Questioning<Found> {
  return (yield { type: 'find', lookup }) as Found;
}

export function* clearRollUps(): Questioning<void> {
  yield { type: 'clear' };
}

export function* rollUps(query: RollUpQuery): Questioning<RollUp[]> {
  return (yield { type: 'rollUps', query }) as RollUp[];
}

export function* counts(query: RollUpCountQuery): Questioning<RollUpCount[]> {
  return (yield { type: 'counts', query }) as RollUpCount[];
}

/** `orNone`: none where the store can't tell now, for what is good to know and not asked for. */
export function* tallies(query: TallyQuery, { orNone = false } = {}): Questioning<TallySum[]> {
  return (yield { type: 'tallies', query, orNone }) as TallySum[];
}

export function* document(name: string): Questioning<string | null> {
  return (yield { type: 'document', name }) as string | null;
}

/** All whose names begin so. */
export function* documents(prefix: string): Questioning<NamedText[]> {
  return (yield { type: 'documents', prefix }) as NamedText[];
}

/** Notes and tallies, then documents in their order: whoever reads the last finds what it speaks of. */
export function* note(parts: Partial<Omit<Extract<Want, { type: 'note' }>, 'type'>>): Questioning<void> {
  yield { type: 'note', rollUps: [], cells: [], documents: [], ...parts };
}
