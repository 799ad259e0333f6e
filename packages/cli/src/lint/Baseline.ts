import { readFileSync, writeFileSync } from 'node:fs';
import { CliError } from '../CliError.js';
import type { Problem } from './Problem.js';

/** What makes two problems the same: no count, no time, no ID, so that it stays the same from one recording to the next. */
type Sin = Pick<Problem, 'rule' | 'service' | 'name'>;

/** Problems that were known when a team began to lint: they are let pass, and what is new is not. */
export class Baseline {
  private readonly known: ReadonlyMap<string, Sin>;

  private constructor(sins: readonly Sin[]) {
    this.known = new Map(sins.map((sin) => [fingerprint(sin), sin]));
  }

  static none(): Baseline {
    return new Baseline([]);
  }

  /** Throws `CliError` where the file is none. */
  static read(file: string): Baseline {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const hint = code === 'ENOENT' ? ': write it once with --write-baseline' : '';
      throw new CliError(`The baseline ${file} can't be read (${code})${hint}`, { cause: error });
    }
    const sins = sinsIn(text);
    if (sins === null)
      throw new CliError(`${file} is no baseline of upshot lint: write it anew with --write-baseline`);
    return new Baseline(sins);
  }

  static write(file: string, problems: readonly Problem[]): void {
    const sins = problems.map(({ rule, service, name }) => ({ rule, service, name }));
    // A line for each, so that a review shows what came and went.
    const lines = sins.map((sin) => `    ${JSON.stringify(sin)}`).sort();
    const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
    try {
      writeFileSync(file, `{\n  "version": 1,\n  "known": ${list}\n}\n`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new CliError(`The baseline ${file} can't be written (${code})`, { cause: error });
    }
  }

  has(problem: Sin): boolean {
    return this.known.has(fingerprint(problem));
  }

  /** Known problems that are no more. */
  gone(problems: readonly Problem[]): number {
    const found = new Set(problems.map(fingerprint));
    return [...this.known.keys()].filter((one) => !found.has(one)).length;
  }
}

export function fingerprint({ rule, service, name }: Sin): string {
  return JSON.stringify([rule, service, name]);
}

function sinsIn(text: string): Sin[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { version, known } = (value ?? {}) as { version?: unknown; known?: unknown };
  if (version !== 1 || !Array.isArray(known)) return null;
  return known.every(isSin) ? known : null;
}

function isSin(value: unknown): value is Sin {
  if (typeof value !== 'object' || value === null) return false;
  const { rule, service, name } = value as Record<string, unknown>;
  return typeof rule === 'string' && typeof service === 'string' && typeof name === 'string';
}
