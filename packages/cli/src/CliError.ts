/** What went wrong, in one line for whoever typed the command. Ends it with exit code 2. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** A command did what it should and found something to mend: it ends with exit code 1, and has said what. */
export class ProblemsFound extends Error {
  override readonly name = 'ProblemsFound';
}
