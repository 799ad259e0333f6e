/** What no header of HTTP may hold as it is, and the mark of what was encoded. */
const UNSAFE = /[^\u0020-\u0024\u0026-\u007e]/u;
/** CloudEvents' HTTP binding: anything but visible ASCII, and the quotation mark. */
const CLOUD_EVENTS_UNSAFE = /[^\u0021\u0023\u0024\u0026-\u007e]/gu;

/** A text as the value of a header of ours: percent-encoded where it is more than ASCII, so that every transport takes it. */
export function encoded(text: string): string {
  return UNSAFE.test(text) ? text.replaceAll(new RegExp(UNSAFE, 'gu'), encodeURIComponent) : text;
}

/** A text as an attribute of a CloudEvent over HTTP and NATS. */
export function encodedForHttp(text: string): string {
  return text.replaceAll(CLOUD_EVENTS_UNSAFE, encodeURIComponent);
}

/** What `encoded` was given; a text that was never encoded, as it is. */
export function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
