import { flow, type Margin } from './flow.js';
import type { Part } from './Part.js';
import { type Painter, painter } from './painter.js';
import { type Column, tableLines } from './tableLines.js';

export interface SheetOptions {
  /** ANSI colours; without them the same text says the same. */
  readonly color: boolean;
  /** Columns; fewer than 40 count as 40. */
  readonly width: number;
}

const NARROWEST = 40;

/** A page under construction, made of parts alone. */
export class Sheet {
  readonly width: number;
  private readonly paint: Painter;
  private readonly lines: string[] = [];

  constructor({ color, width }: SheetOptions) {
    this.width = Math.max(NARROWEST, Math.floor(width) || 0);
    this.paint = painter(color);
  }

  /** Parts in as many lines as they need; lines that the text wraps to stand `hanging` columns further in. Nothing for no parts. */
  put(parts: readonly Part[], indent = 0, hanging = 2): void {
    if (parts.every(({ text }) => text === '')) return;
    this.lines.push(...flow(parts, margin(indent), margin(indent + hanging), this.width, this.paint));
  }

  /** An empty line, where something stands above it. */
  blank(): void {
    if (this.lines.length > 0 && this.lines.at(-1) !== '') this.lines.push('');
  }

  table(columns: readonly Column[], rows: Parameters<typeof tableLines>[1], indent = 0): void {
    this.lines.push(...tableLines(columns, rows, { indent, width: this.width, paint: this.paint }));
  }

  /** Ends with a line feed. */
  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

function margin(width: number): Margin {
  return { text: ' '.repeat(width), width };
}
