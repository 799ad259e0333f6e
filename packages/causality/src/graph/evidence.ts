import { EVIDENCE, type Evidence } from '@upshot/model';

/** Evidence of one cause: shared by all that have the same, for a large graph has some of it for each of a hundred thousand edges. Never changed; in the order of its making. */
export type EvidenceSet = ReadonlySet<Evidence>;

const NONE: EvidenceSet = new Set();
/** By what stands in them, in their order. There are few: of each sort of evidence a set has one at most. */
const KNOWN = new Map<EvidenceSet, Map<Evidence, EvidenceSet>>();
const SINGLE = new Map<Evidence, EvidenceSet>(EVIDENCE.map((one) => [one, withEvidence(NONE, one)]));

/** The set with one more sort of evidence. */
export function withEvidence(set: EvidenceSet, one: Evidence): EvidenceSet {
  if (set.has(one)) return set;
  let further = KNOWN.get(set);
  if (further === undefined) {
    further = new Map();
    KNOWN.set(set, further);
  }
  let known = further.get(one);
  if (known === undefined) {
    known = new Set([...set, one]);
    further.set(one, known);
  }
  return known;
}

/** The set with the evidence of another. */
export function withAll(set: EvidenceSet, others: EvidenceSet): EvidenceSet {
  let all = set;
  if (others !== set) for (const one of others) all = withEvidence(all, one);
  return all;
}

/** One sort of evidence, or those of a list. */
export function evidenceOf(evidence: Evidence | Iterable<Evidence>): EvidenceSet {
  if (typeof evidence === 'string') return SINGLE.get(evidence)!;
  let all = NONE;
  for (const one of evidence) all = withEvidence(all, one);
  return all;
}
