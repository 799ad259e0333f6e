import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { ContextAttributes } from './cloudEventFrom.js';

const PREFIX = 'ce-';

/** Whether a request carries a CloudEvent in its headers (HTTP binding, section 3.1). */
export function isBinaryMode(headers: IncomingHttpHeaders): boolean {
  return (
    headers['ce-specversion'] !== undefined ||
    headers['ce-id'] !== undefined ||
    headers['ce-type'] !== undefined
  );
}

/** The context attributes in the `ce-` headers; the content type is the data's. */
export function attributesOfHeaders(headers: IncomingHttpHeaders): ContextAttributes {
  const attributes = new Map<string, unknown>();
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(PREFIX) || value === undefined) continue;
    attributes.set(name.slice(PREFIX.length), decodeValue(Array.isArray(value) ? value.join(', ') : value));
  }
  const contentType = headers['content-type'];
  if (contentType !== undefined) attributes.set('datacontenttype', contentType);
  return attributes;
}

/** HTTP binding, section 3.1.3.2: a quoted string is unquoted, then percent-encoding is undone once. */
function decodeValue(header: string): string {
  const bytes = Buffer.from(header, 'latin1');
  const text = isUtf8(bytes) ? bytes.toString('utf8') : header;
  const unquoted =
    /^".*"$/s.test(text) && text.length > 1 ? text.slice(1, -1).replace(/\\(.)/gs, '$1') : text;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    // A stray percent sign: the sender did not encode.
    return unquoted;
  }
}
