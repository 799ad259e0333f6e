import { checkFields } from './checkFields.js';
import { checkNames, type NameJudges, nameJudges } from './checkNames.js';
import { fitsAny, fitsGlob } from './globs.js';
import type { Exception, ExpectedConsumer, RuleGroup, Rules, Severity } from './Rules.js';
import { remembered } from './remembered.js';
import type { Breach, Checked, Violation } from './Violation.js';

/** Holds things against rules. One serves for any number of things; the clock is that of its making, for exceptions end. */
export class RuleChecker {
  private readonly exceptions: readonly Exception[];
  private readonly judges: NameJudges;
  /** Whether some rule forbids an attribute for somebody. */
  private readonly isSuspect: (key: string) => boolean;
  private readonly expected: (eventName: string) => readonly ExpectedConsumer[];

  constructor(
    readonly rules: Rules,
    nowUnixNano: bigint,
  ) {
    const nowMs = Number(nowUnixNano / 1_000_000n);
    this.exceptions = rules.exceptions.filter(({ endMs }) => nowMs < endMs);
    this.judges = nameJudges(rules);
    this.isSuspect = remembered((key) => rules.forbiddenAttributes.some(({ name }) => fitsGlob(key, name)));
    this.expected = remembered((eventName) =>
      rules.expectedConsumers.filter(
        (expected) =>
          fitsGlob(eventName, expected.eventName) &&
          !this.isExcepted('expectedConsumers', expected.consumer, eventName),
      ),
    );
  }

  /** The rules that a publish or an attempt breaks. */
  check(checked: Checked): Violation[] {
    const found: Violation[] = [];
    for (const breach of checkFields(this.rules, checked)) this.add(found, checked.service, breach);
    for (const breach of checkNames(this.rules, this.judges, checked))
      this.add(found, checked.service, breach);
    found.push(...this.attempts(checked), ...this.attributes(checked.service, checked.attributes));
    return found;
  }

  /** The attributes among these keys that must not be sent. Each key once. */
  attributes(service: string, keys: Iterable<string>): Violation[] {
    if (this.rules.forbiddenAttributes.length === 0) return [];
    const found: Violation[] = [];
    const seen = new Set<string>();
    for (const key of keys) {
      if (seen.has(key) || !this.isSuspect(key)) continue;
      seen.add(key);
      const rule = this.rules.forbiddenAttributes.find(
        ({ name, services }) => fitsGlob(key, name) && fitsAny(service, services),
      );
      if (rule === undefined) continue;
      this.add(found, service, {
        rule: 'forbiddenAttributes',
        name: key,
        message: `${service || 'A service without a name'} sends the attribute ${key}, which must not be sent`,
        fix: `Take ${key} out where the span is made, or drop it in the SDK or the Collector (processors: attributes: actions: [{key: ${key}, action: delete}]).`,
      });
    }
    return found;
  }

  /** Consumers that must react to an event, as far as no exception lets them off. */
  expectedConsumers(eventName: string): readonly ExpectedConsumer[] {
    return this.rules.expectedConsumers.length === 0 ? [] : this.expected(eventName);
  }

  severityOf(rule: string): Severity {
    const { severity } = this.rules;
    const group = groupOf(rule);
    return severity[rule] ?? severity[group] ?? (group === 'expectedConsumers' ? 'error' : 'warning');
  }

  /** Who answers for a service; null where nobody is named. */
  ownerOf(service: string): string | null {
    return this.rules.owners.find((one) => fitsGlob(service, one.service))?.owner ?? null;
  }

  private attempts({ consumer, service, eventName, attempt }: Checked): Violation[] {
    const limits = this.rules.maxAttempts;
    if (limits === null || attempt === null) return [];
    const own = limits.consumers.find((one) => fitsGlob(consumer, one.consumer));
    const most = own === undefined ? limits.most : own.most;
    if (most === null || attempt <= most) return [];
    const found: Violation[] = [];
    this.add(found, service, {
      rule: 'maxAttempts',
      name: eventName,
      message: `${consumer} tried ${eventName || 'an event'} ${attempt} times; ${most} is the most`,
      fix: `Stop after ${most} ${most === 1 ? 'attempt' : 'attempts'} in ${consumer} and dead-letter the message, or raise maxAttempts for ${consumer}.`,
    });
    return found;
  }

  private add(found: Violation[], service: string, breach: Breach): void {
    if (this.isExcepted(breach.rule, service, breach.name)) return;
    found.push({ ...breach, service, severity: this.severityOf(breach.rule) });
  }

  private isExcepted(rule: string, service: string, name: string): boolean {
    return this.exceptions.some(
      (exception) =>
        (exception.rule === rule || exception.rule === groupOf(rule)) &&
        (exception.service === null || fitsGlob(service, exception.service)) &&
        (exception.name === null || fitsGlob(name, exception.name)),
    );
  }
}

function groupOf(rule: string): RuleGroup {
  return rule.split('.', 1)[0] as RuleGroup;
}
