import { safeJson } from '../../terminal/safeJson.js';
import type { Report } from './Report.js';

/** For programs. Fields may be added; none is taken away. */
export function jsonReport({ problems, known, workflows, services, sources }: Report): string {
  const report = { version: 1, sources, workflows, services, problems, known: known.length };
  return `${safeJson(JSON.stringify(report, null, 2))}\n`;
}
