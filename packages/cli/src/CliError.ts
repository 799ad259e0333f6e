/** What went wrong, in one line for whoever typed the command. Ends it with exit code 2. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
