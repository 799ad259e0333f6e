/** Why Upshot did not start: one line for whoever started it, with what to do. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
