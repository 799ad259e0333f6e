/** Where a command writes, and what may be written there. */
export interface Terminal {
  /** To standard output. */
  readonly out: (text: string) => void;
  /** To standard error. */
  readonly err: (text: string) => void;
  /** Whether standard output shows colours. */
  readonly color: boolean;
  /** Columns of standard output. */
  readonly columns: number;
  /** Whether standard error is watched by a person: progress goes there. */
  readonly interactive: boolean;
}

const COLUMNS = 80;

/** The terminal of this process: colours only where somebody looks, and not against their wish (no-color.org). */
export function processTerminal({
  stdout,
  stderr,
  env,
}: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'> = process): Terminal {
  const wished = (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    color: stdout.isTTY === true && wished,
    columns: stdout.isTTY === true ? stdout.columns || COLUMNS : COLUMNS,
    interactive: stderr.isTTY === true,
  };
}
