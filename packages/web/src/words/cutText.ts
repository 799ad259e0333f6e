/** A text of at most so many UTF-16 units: its middle gives way to an ellipsis, and no character is torn apart. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const tail = Math.floor((max - 1) / 3);
  let head = max - 1 - tail;
  let from = text.length - tail;
  if (isHighSurrogate(text.charCodeAt(head - 1))) head--;
  if (isHighSurrogate(text.charCodeAt(from - 1))) from++;
  return `${text.slice(0, head)}…${text.slice(from)}`;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
