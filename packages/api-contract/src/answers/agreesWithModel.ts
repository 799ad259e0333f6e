import type * as Model from '@upshot/model';
import type { Static } from 'typebox';
import type * as Event from './eventAnswer.js';
import type * as Findings from './findings.js';
import type * as Taught from './propagation.js';
import type * as Graph from './workflowGraph.js';
import type * as List from './workflowList.js';

/**
 * The compiler's proof that the schemas describe what the model says, field by field, in both directions: the build fails where one
 * changes without the other. `readonly` is left out of the comparison, for JSON has no such thing.
 */
export type AnswersAgreeWithModel = [
  Assert<Same<Static<typeof Graph.WorkflowGraph>, Model.WorkflowGraph>>,
  Assert<Same<Static<typeof List.WorkflowRow>, Model.WorkflowRow>>,
  Assert<Same<Static<typeof Event.EventAnswer>, Model.EventAnswer>>,
  Assert<Same<Static<typeof Taught.Propagation>, Model.Propagation>>,
  Assert<Same<Static<typeof Taught.Topology>, Model.Topology>>,
  Assert<Same<Static<typeof Findings.FindingGroup>, Model.FindingGroup>>,
  Assert<Same<Static<typeof Findings.FoundFinding>, Model.FoundFinding>>,
];

type Assert<Holds extends true> = Holds;
type Same<A, B> = Identical<Plain<A>, Plain<B>>;
type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Plain<T[Key]> }
    : T;
