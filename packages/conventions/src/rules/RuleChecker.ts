import { checkFields } from './checkFields.js';
import { checkNames } from './checkNames.js';
import { fitsAny, fitsGlob } from './globs.js';
import type { Exception, ExpectedConsumer, RuleGroup, Rules, Severity } from './Rules.js';
import type { Breach, Checked, Violation } from './Violation.js';

/** Memory of attribute keys seen before: enough for every vocabulary, and no sender can fill it. */
const MAX_KNOWN_KEYS = 10_000;

/** Holds things against rules. One serves for any number of things; the clock is that of its making, for exceptions end. */
export class RuleChecker {
  private readonly exceptions: readonly Exception[];
  private readonly stepPattern: RegExp | null;
  private readonly eventPattern: RegExp | null;
  /** Attribute key → whether some rule forbids it for somebody. */
  private readonly knownKeys = new Map<string, boolean>();

  constructor(
    readonly rules: Rules,
    nowUnixNano: bigint,
  ) {
    const nowMs = Number(nowUnixNano / 1_000_000n);
    this.exceptions = rules.exceptions.filter(({ endMs }) => nowMs < endMs);
    this.stepPattern = whole(rules.spanNaming?.pattern);
    this.eventPattern = whole(rules.eventNames?.pattern);
  }

  /** The rules that a publish or an attempt breaks. */
  check(checked: Checked): Violation[] {
    const found: Violation[] = [];
    const patterns = { step: this.stepPattern, event: this.eventPattern };
    for (const breach of checkFields(this.rules, checked)) this.add(found, checked.service, breach);
    for (const breach of checkNames(this.rules, patterns, checked)) this.add(found, checked.service, breach);
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
  expectedConsumers(eventName: string): ExpectedConsumer[] {
    return this.rules.expectedConsumers.filter(
      (expected) =>
        fitsGlob(eventName, expected.eventName) &&
        !this.isExcepted('expectedConsumers', expected.consumer, eventName),
    );
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

  private isSuspect(key: string): boolean {
    const known = this.knownKeys.get(key);
    if (known !== undefined) return known;
    const suspect = this.rules.forbiddenAttributes.some(({ name }) => fitsGlob(key, name));
    if (this.knownKeys.size < MAX_KNOWN_KEYS) this.knownKeys.set(key, suspect);
    return suspect;
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

function whole(pattern: string | null | undefined): RegExp | null {
  return pattern === null || pattern === undefined ? null : new RegExp(`^(?:${pattern})$`, 'u');
}
