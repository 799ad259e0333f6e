import { cutMiddle } from './cutText.js';
import { flow } from './flow.js';
import { name, type Part } from './Part.js';
import type { Painter } from './painter.js';
import { textWidth } from './textWidth.js';

export interface Column {
  readonly heading: string;
  /** Figures stand at the right. */
  readonly right?: boolean;
  /** Names in it lose their middle where a line is too wide. One column at the most. */
  readonly elastic?: boolean;
}

/** A cell for each column; or, as `title`, what stands above the rows that follow it. */
export type Row = { readonly cells: readonly Part[] } | { readonly title: readonly Part[] };

interface Room {
  readonly indent: number;
  readonly width: number;
  readonly paint: Painter;
}

const GAP = '  ';
/** An elastic column is never narrower: less of a name tells nothing. */
const NARROWEST = 10;

/** A table with its headings. Where it does not fit, each row is a sentence of its headings and cells instead. */
export function tableLines(columns: readonly Column[], rows: readonly Row[], room: Room): string[] {
  const { indent, width, paint } = room;
  const margin = { text: ' '.repeat(indent), width: indent };
  const titled = rows.some((row) => 'title' in row);
  const left = { text: ' '.repeat(indent + (titled ? 2 : 0)), width: indent + (titled ? 2 : 0) };
  const widths = widthsOf(columns, rows, width - left.width);
  const lines: string[] = [];
  if (widths !== null)
    lines.push(
      left.text +
        lineOf(
          columns,
          columns.map(({ heading }) => name(heading, 'dim')),
          widths,
          paint,
        ),
    );
  for (const row of rows) {
    if ('title' in row)
      lines.push(...flow(row.title, margin, { text: `${margin.text}  `, width: indent + 2 }, width, paint));
    else if (widths !== null) lines.push(left.text + lineOf(columns, row.cells, widths, paint));
    else lines.push(...flow(sentenceOf(columns, row.cells), left, left, width, paint));
  }
  return lines;
}

/** Null where even the narrowest is too wide. */
function widthsOf(columns: readonly Column[], rows: readonly Row[], room: number): number[] | null {
  const widths = columns.map(({ heading }) => textWidth(heading));
  for (const row of rows) {
    if ('title' in row) continue;
    for (const [at, { text }] of row.cells.entries()) widths[at] = Math.max(widths[at]!, textWidth(text));
  }
  const over = widths.reduce((sum, one) => sum + one + GAP.length, -GAP.length) - room;
  if (over <= 0) return widths;
  const elastic = columns.findIndex((column) => column.elastic === true);
  if (elastic < 0 || widths[elastic]! - over < NARROWEST) return null;
  widths[elastic] = widths[elastic]! - over;
  return widths;
}

function lineOf(
  columns: readonly Column[],
  cells: readonly Part[],
  widths: readonly number[],
  paint: Painter,
): string {
  let last = cells.length - 1;
  while (last > 0 && cells[last]!.text === '') last--;
  return cells
    .slice(0, last + 1)
    .map(({ text, style }, at) => {
      const fitted = cutMiddle(text, widths[at]!);
      const space = ' '.repeat(Math.max(0, widths[at]! - textWidth(fitted)));
      if (columns[at]!.right === true) return space + paint(fitted, style);
      return paint(fitted, style) + (at === last ? '' : space);
    })
    .join(GAP);
}

function sentenceOf(columns: readonly Column[], cells: readonly Part[]): Part[] {
  return cells.flatMap((cell, at): Part[] => {
    if (cell.text === '') return [];
    if (at === 0) return [cell];
    return [name(columns[at]!.heading.toLowerCase(), 'dim'), { ...cell, glue: ' ' }];
  });
}
