import type { Asking } from '@upshot/causality';
import type {
  Arrivals,
  EntryPoint,
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
import type { EntryQuery } from '@upshot/storage';

/** What a question wants of the store next. */
export type Want =
  | { readonly type: 'find'; readonly lookup: Lookup }
  | { readonly type: 'entries'; readonly query: EntryQuery }
  | { readonly type: 'arrivals'; readonly after: bigint | null; readonly limit: number }
  | {
      readonly type: 'arrived';
      readonly after: bigint | null;
      readonly until: bigint;
      readonly oneIn: number;
    }
  | { readonly type: 'clear' }
  | { readonly type: 'rollUps'; readonly query: RollUpQuery }
  | { readonly type: 'counts'; readonly query: RollUpCountQuery }
  | { readonly type: 'tallies'; readonly query: TallyQuery; readonly orNone: boolean }
  | { readonly type: 'document'; readonly name: string }
  | {
      readonly type: 'note';
      readonly rollUps: readonly RollUp[];
      readonly cells: readonly TallyCell[];
      readonly document: { readonly name: string; readonly text: string } | null;
    };

export type Got = Found | EntryPoint[] | Arrivals | RollUp[] | RollUpCount[] | TallySum[] | string | null;

/** A question under way, as causality's `Asking`, that may also ask the store for more than rows by key. */
export type Questioning<Answer> = Generator<Want, Answer, Got>;

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

export function* entries(query: EntryQuery): Questioning<EntryPoint[]> {
  return (yield { type: 'entries', query }) as EntryPoint[];
}

export function* arrivals(after: bigint | null, limit: number): Questioning<Arrivals> {
  return (yield { type: 'arrivals', after, limit }) as Arrivals;
}

export function* arrived(after: bigint | null, until: bigint, oneIn: number): Questioning<Found> {
  return (yield { type: 'arrived', after, until, oneIn }) as Found;
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

/** Notes and tallies, then the document: whoever reads that finds what it speaks of. */
export function* note(parts: Partial<Omit<Extract<Want, { type: 'note' }>, 'type'>>): Questioning<void> {
  yield { type: 'note', rollUps: [], cells: [], document: null, ...parts };
}
