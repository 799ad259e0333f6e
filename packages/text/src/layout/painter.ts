/** What a piece of text is; a painter makes it a colour. */
export type Style = 'plain' | 'bold' | 'dim' | 'ok' | 'run' | 'retry' | 'fail' | 'dead' | 'miss';

export type Painter = (text: string, style: Style) => string;

/** Select Graphic Rendition codes (ECMA-48, 8.3.117): the sixteen colours, which every theme keeps readable. */
const CODES: Readonly<Record<Exclude<Style, 'plain'>, string>> = {
  bold: '1',
  dim: '2',
  ok: '32',
  run: '36',
  retry: '33',
  fail: '31',
  dead: '35',
  miss: '95',
};

/** Colour is never the only sign: without it the same text says the same. */
export function painter(color: boolean): Painter {
  if (!color) return (text) => text;
  return (text, style) =>
    style === 'plain' || text === '' ? text : `\u001b[${CODES[style]}m${text}\u001b[0m`;
}
