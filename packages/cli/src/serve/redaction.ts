import { readFileSync } from 'node:fs';
import type { ServerOptions } from '@upshot/server';
import { CliError } from '../CliError.js';

type Redaction = NonNullable<ServerOptions['redaction']>;
type Rule = Redaction['rules'][number];

/** Named here too: the commands that only ask do not load the receiver. */
const ACTIONS: readonly Rule['action'][] = ['drop', 'mask', 'hash'];

/** Rules as they were typed, and those of a file, one on each line; null where there are none. Throws `CliError`. */
export function redactionOf(
  typed: readonly string[],
  file: string | undefined,
  secretFile: string | undefined,
): Redaction | null {
  const lines = file === undefined ? [] : textOf('--redact-file', file).split('\n');
  const rules = [
    ...typed.map((text) => ruleOf(text, '--redact')),
    ...lines.flatMap((line, at) => {
      const text = line.replace(/(^|\s)#.*$/, '').trim();
      return text === '' ? [] : [ruleOf(text, `${file}, line ${at + 1}`)];
    }),
  ];
  const secret = secretFile === undefined ? null : textOf('--redact-secret-file', secretFile).trim();
  if (secret === '') throw new CliError(`The secret file ${secretFile} is empty`);
  if (secret !== null && rules.length === 0)
    throw new CliError('--redact-secret-file hashes nothing without --redact or --redact-file');
  return rules.length === 0 ? null : { rules, secret };
}

function ruleOf(text: string, where: string): Rule {
  const [, action, key] = /^(\w+)\s*:\s*(\S+)$/.exec(text.trim()) ?? [];
  const known = ACTIONS.find((one) => one === action);
  if (known === undefined || key === undefined)
    throw new CliError(
      `${where}: a rule is drop:KEY, mask:KEY or hash:KEY, * being any characters, and is ${JSON.stringify(text)}`,
    );
  return { action: known, key };
}

function textOf(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`${option} ${file} can't be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
}
