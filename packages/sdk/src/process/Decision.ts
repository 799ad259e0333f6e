/** What becomes of a message whose handler failed: it comes again, it is put aside, or nobody has said. */
export type Decision = 'retry' | 'dead-letter' | null;
