import { chunks, cutMiddle } from './cutText.js';
import type { Part } from './Part.js';
import type { Painter, Style } from './painter.js';
import { textWidth } from './textWidth.js';

/** What stands left of the text. Already painted, so its width in columns is told. */
export interface Margin {
  readonly text: string;
  readonly width: number;
}

export const NO_MARGIN: Margin = { text: '', width: 0 };

/**
 * Sets parts into lines of at most `width` columns. Only an ID that is wider than a whole line sticks out.
 * @param first left of the first line.
 * @param rest left of the lines that the text wraps to; not narrower than `first`.
 */
export function flow(
  parts: readonly Part[],
  first: Margin,
  rest: Margin,
  width: number,
  paint: Painter,
): string[] {
  const room = Math.max(1, width - rest.width);
  const lines = new Lines(first, rest, width, paint);
  for (const part of parts) {
    if (part.text === '') continue;
    if (part.fit === 'id') lines.put(part.text, part.style, part.glue);
    else if (part.fit === 'name') lines.put(cutMiddle(part.text, room), part.style, part.glue);
    // What fits on a line of its own is easier to read from its start.
    else if (part.fit === 'phrase' && textWidth(part.text) <= room)
      lines.put(part.text, part.style, part.glue);
    else putWords(lines, part, room);
  }
  return lines.finish();
}

function putWords(lines: Lines, part: Part, room: number): void {
  let glue = part.glue;
  for (const word of part.text.split(' ')) {
    if (word === '') continue;
    if (textWidth(word) <= room) lines.put(word, part.style, glue);
    else
      for (const [i, piece] of chunks(word, room).entries())
        lines.put(piece, part.style, i === 0 ? glue : '');
    glue = ' ';
  }
}

/** Lines under construction. Neighbours of one style are painted together, so that colour costs few bytes. */
class Lines {
  private readonly done: string[] = [];
  private runs: { text: string; style: Style }[] = [];
  private used = 0;

  constructor(
    private readonly first: Margin,
    private readonly rest: Margin,
    private readonly width: number,
    private readonly paint: Painter,
  ) {}

  /** Adds a text whole: on this line behind its glue, or where that does not fit on the next. */
  put(text: string, style: Style, glue: string): void {
    const columns = textWidth(text);
    if (this.runs.length > 0 && this.used + glue.length + columns > this.width - this.margin.width)
      this.end();
    if (this.runs.length > 0) {
      this.add(glue, glue === ' ' ? style : 'dim');
      this.used += glue.length;
    }
    this.add(text, style);
    this.used += columns;
  }

  finish(): string[] {
    if (this.runs.length > 0 || this.done.length === 0) this.end();
    return this.done;
  }

  private get margin(): Margin {
    return this.done.length === 0 ? this.first : this.rest;
  }

  private add(text: string, style: Style): void {
    const last = this.runs.at(-1);
    if (last?.style === style) last.text += text;
    else this.runs.push({ text, style });
  }

  private end(): void {
    this.done.push(this.margin.text + this.runs.map(({ text, style }) => this.paint(text, style)).join(''));
    this.runs = [];
    this.used = 0;
  }
}
