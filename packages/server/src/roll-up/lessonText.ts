import type { PackedContribution } from '@upshot/knowledge';
import type { Finding, RollUp } from '@upshot/model';

/** What a note keeps of a lesson. */
export interface LessonText {
  readonly contributions: readonly PackedContribution[];
  readonly findings: readonly Finding[];
}

/** Findings of one workflow in the feed; more is one broken workflow, not so many things to know. */
const MOST_FINDINGS = 50;
const MOST_NODES = 10;

export function writeLesson({ contributions, findings }: LessonText): string {
  const kept = findings
    .slice(0, MOST_FINDINGS)
    .map((finding) => ({ ...finding, nodes: finding.nodes.slice(0, MOST_NODES) }));
  return JSON.stringify({ c: contributions, f: kept });
}

export function parseLesson(text: string): LessonText {
  const { c, f } = JSON.parse(text) as { c: readonly PackedContribution[]; f: readonly Finding[] };
  return { contributions: c, findings: f };
}

/** What notes contribute that were made here: to read it out of their texts again took 3 % of all the work on a span. */
const MADE = new WeakMap<RollUp, readonly PackedContribution[]>();

/** Remembers what a note contributes for as long as the note itself is in use. */
export function rememberContributions(note: RollUp, contributions: readonly PackedContribution[]): void {
  MADE.set(note, contributions);
}

export function contributionsIn(note: RollUp): readonly PackedContribution[] {
  return MADE.get(note) ?? parseLesson(note.lesson).contributions;
}
