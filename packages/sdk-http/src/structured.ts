/** Attributes of a CloudEvent that stands in a body. */
export type EventAttributes = Readonly<Record<string, unknown>>;

/** UTF-16 units of a body that is looked into before it is sent. */
const MOST_BODY = 1_000_000;

export function isStructured(contentType: string | null): boolean {
  return contentType !== null && /^application\/cloudevents(?!-batch)\b/i.test(contentType);
}

export function isBatch(contentType: string | null): boolean {
  return contentType !== null && /^application\/cloudevents-batch\b/i.test(contentType);
}

/** What a body that is being sent, or was parsed, says of its event; null where it is none. */
export function attributesOf(body: unknown): EventAttributes | null {
  let parsed = body;
  if (typeof body === 'string' && body.length <= MOST_BODY) {
    try {
      parsed = JSON.parse(body);
    } catch {
      return null;
    }
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  return 'specversion' in parsed ? (parsed as EventAttributes) : null;
}
