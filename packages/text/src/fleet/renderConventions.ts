import { counted, formatCount } from '@upshot/model';
import { name, type Part, prose } from '../layout/Part.js';
import { Sheet, type SheetOptions } from '../layout/Sheet.js';
import type { Column } from '../layout/tableLines.js';
import { exampleParts } from './faultLines.js';

/** How far one service keeps the conventions. */
export interface ComplianceText {
  readonly service: string;
  readonly checked: number;
  readonly compliant: number;
  readonly score: number;
  readonly trend: number;
  readonly rules: readonly {
    readonly rule: string;
    readonly count: number;
    readonly examples: readonly string[];
  }[];
}

/** The rules in force, and who keeps them. */
export interface ConventionsText {
  readonly traceConventions: { readonly [name: string]: unknown };
  readonly services: readonly ComplianceText[];
}

const COLUMNS: readonly Column[] = [
  { heading: 'SERVICE', elastic: true },
  { heading: 'CHECKED', right: true },
  { heading: 'COMPLIANT', right: true },
  { heading: 'SHARE', right: true },
  { heading: 'TREND', right: true },
  { heading: 'MEND FIRST', right: true },
];

/** Lines of rules; a file of thousands is read in the file. */
const TOLD_RULES = 60;
/** How deep into a file lines go: a rule lies at most as deep. */
const DEEPEST = 8;

/** The rules in force as paths with their values, then how far each service keeps them. */
export function renderConventions(conventions: ConventionsText, options: SheetOptions): string {
  const sheet = new Sheet(options);
  const rules = [...leaves(conventions.traceConventions, '', 0)];
  if (rules.length === 0) sheet.put([prose('No conventions are in force.')]);
  else sheet.put([name('Rules in force', 'bold')]);
  for (const [path, value] of rules.slice(0, TOLD_RULES))
    sheet.put([name(`${path}:`, 'dim'), prose(value)], 2);
  if (rules.length > TOLD_RULES) sheet.put([name(`and ${formatCount(rules.length - TOLD_RULES)} more`)], 2);
  const { services } = conventions;
  if (services.length > 0) {
    sheet.blank();
    sheet.table(
      COLUMNS,
      services.map((service) => ({ cells: cellsOf(service) })),
    );
  } else if (rules.length > 0) {
    sheet.blank();
    sheet.put([prose('Nothing was held against them yet.')]);
  }
  for (const { service, rules: broken } of services) {
    if (broken.length === 0) continue;
    sheet.blank();
    sheet.put([name(service === '' ? 'a service without a name' : service, 'bold')]);
    for (const { rule, count, examples } of broken)
      sheet.put([name(rule), name(`broken ${counted(count, 'time')}`), ...exampleParts(examples)], 2);
  }
  return sheet.toString();
}

function cellsOf({ service, checked, compliant, trend, score }: ComplianceText): Part[] {
  const share = checked > 0 ? compliant / checked : 1;
  return [
    name(service === '' ? 'a service without a name' : service),
    name(formatCount(checked)),
    name(formatCount(compliant)),
    // Cut off: 99.96 % is not all.
    name(`${(Math.floor(share * 1000) / 10).toFixed(1)} %`, share === 1 ? 'ok' : 'retry'),
    name(trendWords(trend), trend < 0 ? 'fail' : trend > 0 ? 'ok' : 'dim'),
    name(score === 0 ? '–' : `${score}`),
  ];
}

/** In points of a hundred, as shares are. */
function trendWords(trend: number): string {
  const points = Math.round(trend * 1000) / 10;
  if (points === 0) return 'same';
  return points > 0 ? `+${points}` : `−${-points}`;
}

/** Each rule with its path; lists of plain values are one rule. */
function* leaves(value: unknown, path: string, depth: number): Generator<[path: string, value: string]> {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) {
    yield [path, value.join(', ')];
  } else if (typeof value === 'object' && value !== null && depth < DEEPEST) {
    for (const [key, inner] of Object.entries(value))
      yield* leaves(inner, path === '' ? key : `${path}.${key}`, depth + 1);
  } else yield [path, typeof value === 'object' ? JSON.stringify(value) : String(value)];
}
