import type { WorkflowRow, WorkflowStatus } from '@upshot/model';
import { cutMiddle, formatAge, formatCount, painter, type Style, safeText, textWidth } from '@upshot/text';
import type { Terminal } from '../terminal/Terminal.js';

const STYLES: { readonly [status in WorkflowStatus]: Style } = {
  completed: 'ok',
  'in-progress': 'run',
  retrying: 'retry',
  stuck: 'miss',
  failed: 'fail',
};

const HEADINGS = ['STATUS', 'AGE', 'KEY', 'STARTED BY', 'EVENTS', 'TRIES', 'FAIL'];
/** Figures stand at the right. */
const RIGHT = new Set([4, 5, 6]);
/** What gives way where a line is too wide, and how far. */
const ELASTIC = { column: 3, least: 10 };
/** Keys stay whole: they are what one copies. One longer than a UUID makes its own line longer, not all of them. */
const KEY = { column: 2, most: 36 };
const GAP = '  ';

/** Workflows as a table, a line each; nothing in it steers a terminal. */
export function workflowTable(
  rows: readonly WorkflowRow[],
  nowUnixNano: bigint,
  { color, columns }: Terminal,
): string {
  const paint = painter(color);
  const cells = rows.map((row) => cellsOf(row, nowUnixNano));
  const widths = HEADINGS.map((heading, i) =>
    Math.max(heading.length, ...cells.map((line) => textWidth(line[i]!))),
  );
  widths[KEY.column] = Math.min(KEY.most, widths[KEY.column]!);
  const total = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  const { column, least } = ELASTIC;
  widths[column] = Math.max(least, Math.min(widths[column]!, widths[column]! - (total - columns)));
  const line = (texts: readonly string[], style: (i: number) => Style): string =>
    texts
      .map((text, i) => {
        const fitted = i === column ? cutMiddle(text, widths[i]!) : text;
        const space = ' '.repeat(Math.max(0, widths[i]! - textWidth(fitted)));
        const painted = paint(fitted, style(i));
        return RIGHT.has(i) ? space + painted : painted + space;
      })
      .join(GAP)
      .trimEnd();
  const lines = [line(HEADINGS, () => 'dim')];
  rows.forEach(({ status }, i) => {
    lines.push(line(cells[i]!, (cell) => (cell === 0 ? STYLES[status] : 'plain')));
  });
  return `${lines.join('\n')}\n`;
}

function cellsOf(row: WorkflowRow, nowUnixNano: bigint): string[] {
  const { counts } = row;
  const start = BigInt(row.startTimeUnixNano);
  const root = [row.rootService, row.rootName].filter((part) => part !== '').join(' · ');
  return [
    safeText(row.status),
    formatAge(start, nowUnixNano).replace(/ ago$/, ''),
    safeText(row.key),
    safeText(root),
    formatCount(counts.events),
    formatCount(counts.attempts),
    formatCount(counts.failed),
  ];
}
