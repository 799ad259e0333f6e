/**
 * Characters that could steer a terminal or deceive its reader: controls (C0, DEL, C1), every format character (bidirectional
 * marks, embeddings and isolates, zero-width ones, tags), line and paragraph separators, lone surrogates, and what is invisible by default.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Emoji presentation: harmless behind a pictograph, where it stands in many error messages. */
const EMOJI_PRESENTATION = '\ufe0f';
const PICTOGRAPH_AT_END = /\p{Extended_Pictographic}$/u;

/** Printable ASCII, which is most text, needs no second look. */
const PLAIN = /^[\u0020-\u007e]*$/;

/**
 * Telemetry as it may be shown: nothing in it moves the cursor, changes colours, reorders text or hides. Whatever could is
 * made visible as an escape: `\n`, `\u001b`, `\u{e0041}`. Everything that a sender wrote passes here before it reaches a reader.
 */
export function safeText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSAFE, (character, offset: number) =>
    character === EMOJI_PRESENTATION && PICTOGRAPH_AT_END.test(text.slice(Math.max(0, offset - 2), offset))
      ? character
      : escaped(character),
  );
}

function escaped(character: string): string {
  switch (character) {
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default: {
      const hex = character.codePointAt(0)!.toString(16);
      return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
    }
  }
}
