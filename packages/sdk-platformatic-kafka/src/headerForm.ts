/** How a producer wants the names and values of headers. */
export interface HeaderForm {
  readonly name: (text: string) => unknown;
  readonly value: (text: string) => unknown;
}

type Serializer = (data: unknown) => unknown;

/** The symbol by which the client's base class keeps its options, by its description. */
const OPTIONS = 'plt.kafka.base.options';

const bytes = (text: string): unknown => Buffer.from(text);
const asIs = (text: string): unknown => text;

/** What a producer's serializers of headers take: texts, where they make bytes of one; else, and without serializers, bytes. */
export function headerForm(producer: object, given: 'string' | 'buffer' | undefined): HeaderForm {
  if (given !== undefined)
    return given === 'string' ? { name: asIs, value: asIs } : { name: bytes, value: bytes };
  const symbol = Object.getOwnPropertySymbols(producer).find(({ description }) => description === OPTIONS);
  const options = symbol === undefined ? undefined : (producer as Record<symbol, unknown>)[symbol];
  const { serializers } = (options ?? {}) as { serializers?: { headerKey?: unknown; headerValue?: unknown } };
  return {
    name: takesTexts(serializers?.headerKey) ? asIs : bytes,
    value: takesTexts(serializers?.headerValue) ? asIs : bytes,
  };
}

function takesTexts(serializer: unknown): boolean {
  if (typeof serializer !== 'function') return false;
  try {
    return (serializer as Serializer)('x') instanceof Uint8Array;
  } catch {
    return false;
  }
}

/** The message's own headers and ours, which win, as the map that the client sends. */
export function carryingHeaders(
  own: unknown,
  ours: Readonly<Record<string, string>>,
  { name, value }: HeaderForm,
): Map<unknown, unknown> {
  const headers = new Map<unknown, unknown>();
  for (const [key, one] of entriesOf(own)) {
    const text = key instanceof Uint8Array ? Buffer.from(key).toString('latin1') : String(key);
    if (!Object.hasOwn(ours, text)) headers.set(key, one);
  }
  for (const key in ours) headers.set(name(key), value(ours[key]!));
  return headers;
}

function entriesOf(headers: unknown): Iterable<readonly [unknown, unknown]> {
  if (headers instanceof Map) return headers;
  return typeof headers === 'object' && headers !== null ? Object.entries(headers) : [];
}
