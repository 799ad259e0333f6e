import { formatCount } from '@upshot/model';
import { graphemes, textWidth } from './textWidth.js';

/** A name in at most so many columns: what is too long loses its middle, for both ends tell names apart. */
export function cutMiddle(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const characters = graphemes(text);
  let [head, tail] = ['', ''];
  let left = width - 1;
  for (let i = 0, j = characters.length - 1, atEnd = false; i <= j; atEnd = !atEnd) {
    const character = atEnd ? characters[j--]! : characters[i++]!;
    left -= textWidth(character);
    if (left < 0) break;
    if (atEnd) tail = character + tail;
    else head += character;
  }
  return `${head}…${tail}`;
}

/** The first so many characters, and how many more there are: for error messages that hold a page of HTML. */
export function cutEnd(text: string, characters: number): string {
  if (text.length <= characters) return text;
  // A cut between the halves of a surrogate pair would leave half a character.
  const end = /[\ud800-\udbff]/.test(text[characters - 1]!) ? characters - 1 : characters;
  return `${text.slice(0, end)}… (${formatCount(text.length - end)} more characters)`;
}

/** Pieces of at most so many columns each; a single character wider than that is a piece of its own. */
export function chunks(text: string, width: number): string[] {
  const pieces: string[] = [];
  let [piece, used] = ['', 0];
  for (const character of graphemes(text)) {
    const columns = textWidth(character);
    if (used + columns > width && piece !== '') {
      pieces.push(piece);
      [piece, used] = ['', 0];
    }
    piece += character;
    used += columns;
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}
