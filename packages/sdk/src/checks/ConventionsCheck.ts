import {
  type Checked,
  NO_RULES,
  parseConventions,
  RuleChecker,
  type Rules,
  type Violation,
} from '@upshot/conventions';
import { quietly } from '../quietly.js';
import type { ConventionsMode, UpshotOptions } from '../UpshotOptions.js';
import { lineFor } from './lineFor.js';

/** A convention of the project is broken, where conventions are set to `throw`. */
export class ConventionError extends Error {
  override readonly name = 'ConventionError';
  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(sentence).join('\n'));
  }
}

/** Sins that are remembered as told; beyond them nothing more is told. */
const MOST_TOLD = 1000;

/** Holds what is sent and processed against the project's conventions, and says each fault once, with the line to write. */
export class ConventionsCheck {
  private readonly checker: RuleChecker | null;
  private readonly mode: ConventionsMode;
  private readonly warn: (line: string) => void;
  private readonly told = new Set<string>();

  /** @throws TypeError where the conventions are no conventions: a fault of the set-up, told at the set-up */
  constructor({ conventions, conventionsMode, warn }: UpshotOptions) {
    this.mode = conventionsMode ?? 'warn';
    this.warn = warn ?? ((line) => console.warn(line));
    const rules = this.mode === 'off' ? NO_RULES : rulesOf(conventions ?? null);
    this.checker = rules === NO_RULES ? null : new RuleChecker(rules, BigInt(Date.now()) * 1_000_000n);
  }

  /** Whether there is anything to check. */
  get active(): boolean {
    return this.checker !== null;
  }

  /**
   * @param make says what there is to check; it may fail, for it looks at what the application gave
   * @throws ConventionError in the mode `throw`, and nothing else
   */
  check(make: () => Checked): void {
    const { checker } = this;
    if (checker === null) return;
    const found = quietly(() => {
      const checked = make();
      return checker.check(checked).map((one) => ({ ...one, fix: lineFor(one, checked) }));
    }, []);
    if (found.length === 0) return;
    if (this.mode === 'throw') throw new ConventionError(found);
    for (const violation of found) {
      const key = JSON.stringify([violation.rule, violation.name, violation.fix]);
      if (this.told.has(key) || this.told.size >= MOST_TOLD) continue;
      this.told.add(key);
      try {
        this.warn(`upshot: ${sentence(violation)}`);
      } catch {
        // a logger that throws
      }
    }
  }
}

function sentence({ message, rule, fix }: Violation): string {
  return `${message} (${rule}). ${fix}`;
}

function rulesOf(conventions: NonNullable<UpshotOptions['conventions']> | null): Rules {
  if (conventions === null) return NO_RULES;
  if (!('traceConventions' in conventions)) return conventions;
  const { rules, faults } = parseConventions(conventions as never);
  if (rules !== null && rules !== undefined && faults.length === 0) return rules;
  throw new TypeError(
    `conventions: ${faults.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`,
  );
}
