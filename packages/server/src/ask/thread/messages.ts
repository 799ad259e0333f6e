import type { ApiErrorCode } from '@upshot/api-contract';
import type { Arrivals, Found } from '@upshot/model';
import type { Question } from '../Question.js';
import type { Arrived, Got, Want } from '../Questioning.js';
import type { PackedFound } from './packFound.js';

/** What a thread starts with. */
export interface ThreadData {
  readonly niceness: number;
}

/** To the thread that answers. `id` names the question, `ticket` which of its wants is given. */
export type ToThread =
  | { readonly type: 'ask'; readonly id: number; readonly question: Question }
  | { readonly type: 'found'; readonly id: number; readonly ticket: number; readonly found: PackedFound }
  | {
      readonly type: 'arrived';
      readonly id: number;
      readonly ticket: number;
      readonly page: Arrivals;
      readonly found: PackedFound | null;
    }
  | {
      readonly type: 'got';
      readonly id: number;
      readonly ticket: number;
      readonly got: Exclude<Got, Found | Arrived>;
    }
  /** The question is no longer wanted. Answered by `dropped`. */
  | { readonly type: 'drop'; readonly id: number };

/** From the thread that answers. */
export type FromThread =
  | { readonly type: 'want'; readonly id: number; readonly ticket: number; readonly want: Want }
  /** UTF-8 of the answer, moved; null where nothing is known of what was asked. */
  | { readonly type: 'answer'; readonly id: number; readonly body: Uint8Array<ArrayBuffer> | null }
  | { readonly type: 'failed'; readonly id: number; readonly code: ApiErrorCode; readonly message: string }
  | { readonly type: 'dropped'; readonly id: number };
