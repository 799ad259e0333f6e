import stringWidth from 'string-width';

/** Printable ASCII, which most text is: a column each. Whole pages of a large workflow take a third less time for it. */
const PLAIN = /^[\u0020-\u007e]*$/;

/** Columns that a text takes on a terminal: two for wide characters and emoji, none for combining marks. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return stringWidth(text, { countAnsiEscapeCodes: true });
}

const segmenter = new Intl.Segmenter();

/** The characters as a reader counts them: a letter with its marks, an emoji with its modifiers. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
