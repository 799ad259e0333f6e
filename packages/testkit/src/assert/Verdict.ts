/** What is judged of a workflow as it is now. */
export interface Verdict {
  readonly holds: boolean;
  /** True where nothing that may still come can change it: it need not be quiet first. */
  readonly isFinal?: boolean;
  /** What is wrong, one line or more. */
  readonly message: string;
  /** The step or consumer that is not there. */
  readonly missing?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}
