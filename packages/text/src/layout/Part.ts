import { safeText } from '../words/safeText.js';
import { cutEnd } from './cutText.js';
import type { Style } from './painter.js';

/** A piece of a line. Its text is safe to print: the makers below see to that, and nothing else makes parts. */
export interface Part {
  readonly text: string;
  readonly style: Style;
  /**
   * Where it does not fit on the line: a `name` moves to the next and loses its middle if even that is too short; a `phrase` moves
   * to the next and wraps by words if even that is too short; `prose` goes on by words; an `id` moves to the next line and is never
   * cut, even if it sticks out.
   */
  readonly fit: 'name' | 'phrase' | 'prose' | 'id';
  /** What stands between it and the part before on the same line. */
  readonly glue: string;
}

/** No name is longer in any view; the bound keeps a hostile one from costing time. */
const LONGEST_NAME = 1_000;
/** IDs are not cut, but a megabyte is no ID. */
const LONGEST_ID = 512;
/** An error message in four lines of 80 columns; the JSON answer has all of it. */
const LONGEST_PHRASE = 320;
/** A summary or a finding, which Upshot wrote itself around what telemetry says. */
const LONGEST_PROSE = 1_200;

const DOT = ' · ';

export function name(text: string, style: Style = 'plain', glue = DOT): Part {
  return { text: safeText(cutEnd(text, LONGEST_NAME)), style, fit: 'name', glue };
}

export function id(text: string, style: Style = 'dim', glue = DOT): Part {
  return { text: safeText(cutEnd(text, LONGEST_ID)), style, fit: 'id', glue };
}

export function phrase(text: string, style: Style = 'plain', glue = DOT): Part {
  return { text: safeText(cutEnd(text, LONGEST_PHRASE)), style, fit: 'phrase', glue };
}

export function prose(text: string, style: Style = 'plain', glue = ' '): Part {
  return { text: safeText(cutEnd(text, LONGEST_PROSE)), style, fit: 'prose', glue };
}
