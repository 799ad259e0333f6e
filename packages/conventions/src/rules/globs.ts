/** Whether a text fits a glob, in which `*` is any run of characters. Linear in the text for each `*`: no pattern makes it slow. */
export function fitsGlob(text: string, glob: string): boolean {
  const parts = glob.split('*');
  if (parts.length === 1) return text === glob;
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

export function fitsAny(text: string, globs: readonly string[] | null): boolean {
  return globs === null || globs.some((glob) => fitsGlob(text, glob));
}
