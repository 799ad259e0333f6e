/** What is wrong with a regular expression that is to be run over names which senders chose; null where nothing is. */
export function patternFault(source: string): string | null {
  try {
    new RegExp(`^(?:${source})$`, 'u');
  } catch (error) {
    return `is no regular expression (${reason(error)})`;
  }
  return mayBacktrack(source)
    ? 'repeats a group that holds a repetition or a choice, which may take for ever on a name made for it: write such groups with a ' +
        'separator in front, as in [a-z]+(-[a-z]+)*'
    : null;
}

/** The engine's words without its repetition of the pattern. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(message.lastIndexOf(': ') + 1).trim();
}

/**
 * Whether a repeated group could match one text in many ways: it holds an unbounded repetition or a choice, and no separator of its own parts one
 * turn from the next. Strict rather than clever: what it refuses can be written otherwise.
 */
function mayBacktrack(source: string): boolean {
  const open: number[] = [];
  for (let at = 0; at < source.length; at++) {
    const character = source[at]!;
    if (character === '\\') at++;
    else if (character === '[') at = endOfClass(source, at);
    else if (character === '(') open.push(at);
    else if (character === ')') {
      const from = open.pop() ?? 0;
      const body = source.slice(from + 1, at).replace(/^\?(?::|<?[=!]|<\w+>)/, '');
      if (/^(?:[*+]|\{\d*,\})/.test(source.slice(at + 1)) && isLoose(body)) return true;
    }
  }
  return false;
}

function endOfClass(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === ']') return at;
  }
  return source.length;
}

function isLoose(body: string): boolean {
  // Within classes neither choice nor repetition is meant.
  const bare = body.replace(/\[(?:\\.|[^\]\\])*\]/g, '_').replace(/\\./g, '_');
  if (!/[*+|]|\{\d*,\}/.test(bare)) return false;
  const separator =
    /^(?:\\([-./:_])|([-/:_]))(?![*+?{])/.exec(body) ?? /(?:\\([-./:_])|([-/:_]))$/.exec(body);
  if (separator === null || bare.includes('|')) return true;
  const word = separator[1] ?? separator[2]!;
  const rest = (body.slice(0, separator.index) + body.slice(separator.index + separator[0].length))
    .replace(/\w-\w/g, '') // ranges
    .replace(/\\d/g, '');
  return rest.includes(word) || /\.|\[\^|\\[wWDSs]/.test(rest.replace(/\\\./g, ''));
}
