/** Base64 of more than the headers that a server takes. */
const MOST_BASE64 = 1_000_000;

/** The headers of a stored message, as JetStream's API gives them: base64 of `NATS/1.0`, CRLF, and lines of `name: value`. */
export function headersOf(stored: unknown): [name: string, value: string][] {
  if (typeof stored !== 'string' || stored.length > MOST_BASE64) return [];
  const pairs: [string, string][] = [];
  for (const line of Buffer.from(stored, 'base64').toString('utf8').split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    if (colon > 0) pairs.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  return pairs;
}
