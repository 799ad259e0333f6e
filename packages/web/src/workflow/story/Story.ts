import type { AttemptNode, Finding } from '@upshot/model';
import type { State, Tone } from '../../words/states.js';

/** A piece of a sentence. `node` leads to a node of the workflow. */
export type Words =
  | string
  | { readonly strong: string }
  | { readonly mono: string }
  | { readonly node: string; readonly name: string; readonly isEvent: boolean };

export type Sentence = readonly Words[];

/** One thing that happened, or that did not. */
export interface StoryLine {
  readonly kind: 'line';
  readonly id: string;
  readonly node: string;
  readonly time: bigint;
  readonly state: State;
  readonly isCritical: boolean;
  readonly sentence: Sentence;
  /** Attempts that are told one by one below the sentence. */
  readonly strip: readonly AttemptNode[];
  readonly notes: readonly Finding[];
}

/** Time in which nothing happened, and who was waiting for what. */
export interface StoryPause {
  readonly kind: 'pause';
  readonly id: string;
  readonly time: bigint;
  readonly sentence: Sentence;
}

export interface StoryAnswer {
  readonly tone: Tone;
  readonly question: string;
  readonly sentence: Sentence;
  readonly asides: readonly {
    readonly title: string;
    readonly state: State;
    readonly sentences: readonly Sentence[];
  }[];
  /** The node that the answer is about. */
  readonly node: string | null;
}

export interface Story {
  readonly answer: StoryAnswer;
  readonly lines: readonly (StoryLine | StoryPause)[];
}
