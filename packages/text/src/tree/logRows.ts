import { formatCount, type LogLine, type NodeLogs, type Severity } from '@upshot/model';
import { name, phrase } from '../layout/Part.js';
import type { Style } from '../layout/painter.js';
import { offset } from './nodeParts.js';
import { leaf, type Row } from './Row.js';
import type { TreeOptions } from './RowMaker.js';

/** Log records under one node, where not all of them are asked for: the tree tells of causes first. */
const TOLD_LOGS = 4;
const LOG_GLYPH = '≡';

const STYLES: Readonly<Record<Severity, Style>> = {
  fatal: 'fail',
  error: 'fail',
  warn: 'retry',
  info: 'plain',
  debug: 'dim',
  trace: 'dim',
  unspecified: 'plain',
};
const GRAVEST: readonly Severity[] = ['fatal', 'error', 'warn', 'info', 'unspecified', 'debug', 'trace'];

/** `≡ error · +61 ms · card declined`: the gravest log records of a node, by time, and how many there are besides. */
export function logRows({ logs = [], logsOmitted = 0 }: NodeLogs, options: TreeOptions): Row[] {
  const told = options.full ? logs : gravest(logs);
  const rows = told.map((line) => leaf(logParts(line, options.start)));
  const untold = logs.length - told.length + logsOmitted;
  if (untold > 0)
    rows.push(
      leaf([
        name(`${LOG_GLYPH} ${formatCount(untold)} more log ${untold === 1 ? 'record' : 'records'}`, 'dim'),
      ]),
    );
  return rows;
}

function logParts({ severity, timeUnixNano, eventName, text }: LogLine, start: bigint) {
  const parts = [name(LOG_GLYPH, 'dim')];
  if (severity !== 'unspecified') parts.push(name(severity, STYLES[severity], ' '));
  parts.push(name(offset(timeUnixNano, start), 'dim', severity === 'unspecified' ? ' ' : undefined));
  if (eventName !== null) parts.push(name(eventName));
  if (text !== eventName) parts.push(phrase(text));
  return parts;
}

function gravest(logs: readonly LogLine[]): LogLine[] {
  if (logs.length <= TOLD_LOGS) return [...logs];
  const ranked = logs.map((line, index) => ({ line, index, rank: GRAVEST.indexOf(line.severity) }));
  return ranked
    .sort((a, b) => a.rank - b.rank || b.index - a.index)
    .slice(0, TOLD_LOGS)
    .sort((a, b) => a.index - b.index)
    .map(({ line }) => line);
}
