/**
 * Letters and digits of any script, and signs that mean nothing to Mermaid within quotes. All else is written as its code: quotes, brackets, `#`,
 * `&`, `<`, and what its Markdown would take for emphasis or code.
 */
const HARMLESS = /[^\p{L}\p{M}\p{N} ./:,()+-]/gu;
/** Its Markdown takes these for the beginning of a list, and shows an error in place of the label. */
const LIST = /^(\s*)([-+]|\d+[.)])(?=\s|$)/;

/** A text as a label within quotes. */
export function mermaidText(text: string): string {
  const escaped = text.replace(HARMLESS, (character, at: number) =>
    // Within a word an underscore is one.
    character === '_' && isInWord(text, at) ? character : code(character),
  );
  return escaped.replace(
    LIST,
    (_all, space: string, mark: string) => space + Array.from(mark, code).join(''),
  );
}

function isInWord(text: string, at: number): boolean {
  return /[\p{L}\p{N}]/u.test(text[at - 1] ?? '') && /[\p{L}\p{N}]/u.test(text[at + 1] ?? '');
}

function code(character: string): string {
  return `#${character.codePointAt(0)};`;
}
