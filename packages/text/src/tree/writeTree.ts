import { flow } from '../layout/flow.js';
import { name, type Part } from '../layout/Part.js';
import type { Painter } from '../layout/painter.js';
import type { Row } from './Row.js';

/** Columns of one level, and of the mark for the critical path. */
const LEVEL = 3;
const GUTTER = 2;

export interface TreePage {
  readonly width: number;
  readonly paint: Painter;
  /** Whether any row is critical: then a column at the left marks those that are. */
  readonly marksCritical: boolean;
  /** A number for a subtree that is continued further down. */
  nextNumber(): number;
}

/** A subtree that went too deep, to be continued from the left margin. */
interface Section {
  readonly number: number;
  readonly title: readonly Part[];
  readonly rows: readonly Row[];
}

/**
 * Sets rows into lines. Where the tree gets deeper than half of the width it is continued in a section of its own below, so that
 * text keeps its room and no depth of the graph is too deep.
 */
export function writeTree(roots: readonly Row[], page: TreePage): string[] {
  const writer = new Writer(page);
  for (const row of roots) writer.write(row, '', '', '', 0);
  return writer.finish();
}

class Writer {
  private readonly lines: string[] = [];
  private readonly sections: Section[] = [];
  private readonly deepest: number;

  constructor(private readonly page: TreePage) {
    this.deepest = Math.max(1, Math.floor((page.width / 2 - GUTTER) / LEVEL));
  }

  /** `branch` leads to the row itself, `trunk` stands left of all that is below it. */
  write(row: Row, rail: string, branch: string, trunk: string, depth: number): void {
    const below = row.expand();
    const left = rail + trunk;
    this.set(row.parts, rail + branch, left + (below.length > 0 ? '│ ' : '  '), row.critical);
    if (below.length === 0) return;
    if (depth >= this.deepest) {
      const number = this.page.nextNumber();
      this.set([name(`continued at [${number}]`, 'dim')], `${left}└─ `, `${left}     `, false);
      this.sections.push({ number, title: row.parts.slice(0, 2), rows: below });
      return;
    }
    for (const [index, child] of below.entries()) {
      const last = index === below.length - 1;
      this.write(child, left, last ? '└─ ' : '├─ ', last ? '   ' : '│  ', depth + 1);
    }
  }

  finish(): string[] {
    // Sections may add sections while this runs.
    for (const section of this.sections) {
      const title = [
        name(`[${section.number}]`, 'dim'),
        ...section.title.map((part) => ({ ...part, glue: ' ' })),
      ];
      this.lines.push('');
      this.set([...title, name('continued', 'dim')], '', '│ ', false);
      for (const [index, row] of section.rows.entries()) {
        const last = index === section.rows.length - 1;
        this.write(row, '', last ? '└─ ' : '├─ ', last ? '   ' : '│  ', 1);
      }
    }
    return this.lines;
  }

  private set(parts: readonly Part[], first: string, rest: string, critical: boolean): void {
    const { paint, width, marksCritical } = this.page;
    const mark = marksCritical ? (critical ? paint('┃ ', 'bold') : '  ') : '';
    const margin = (rails: string) => ({
      text: mark + paint(rails, 'dim'),
      width: rails.length + (marksCritical ? GUTTER : 0),
    });
    this.lines.push(...flow(parts, margin(first), margin(rest), width, paint));
  }
}
