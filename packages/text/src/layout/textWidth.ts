import stringWidth from 'string-width';

/** Columns that a text takes on a terminal: two for wide characters and emoji, none for combining marks. */
export function textWidth(text: string): number {
  return stringWidth(text, { countAnsiEscapeCodes: true });
}

const segmenter = new Intl.Segmenter();

/** The characters as a reader counts them: a letter with its marks, an emoji with its modifiers. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
