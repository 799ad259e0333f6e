/** Messages inside messages, by field number: `true` is a leaf that is not opened. */
type Shape = { readonly [field: number]: Shape | true };

const KEY_VALUE: Shape = { 2: {} };
const SHAPE: Shape = {
  1: {
    1: { 1: KEY_VALUE },
    2: {
      1: { 3: KEY_VALUE },
      2: { 9: KEY_VALUE, 11: { 3: KEY_VALUE }, 13: { 4: KEY_VALUE }, 15: {} },
    },
  },
};

/**
 * The same OTLP request with the fields of each message in another order. Fields of one number keep theirs: protobuf lets
 * encoders write fields in any order, but repeated ones in the list's.
 */
export function shuffledFields(body: Buffer, random: () => number, shape: Shape = SHAPE): Buffer {
  const fields = fieldsOf(body).map(({ field, bytes, value }) => {
    const inner = shape[field];
    if (value === null || inner === undefined || inner === true) return { field, bytes };
    const shuffled = shuffledFields(value, random, inner);
    return { field, bytes: Buffer.concat([varint((field << 3) | 2), varint(shuffled.length), shuffled]) };
  });
  const queues = new Map<number, Buffer[]>();
  for (const { field, bytes } of fields) queues.set(field, [...(queues.get(field) ?? []), bytes]);
  const shuffled: Buffer[] = [];
  for (let left = fields.length; left > 0; left--) {
    const open = [...queues].filter(([, queue]) => queue.length > 0);
    shuffled.push(open[random() % open.length]![1].shift()!);
  }
  return Buffer.concat(shuffled);
}

interface Field {
  readonly field: number;
  readonly bytes: Buffer;
  /** The value of a length-delimited field. */
  readonly value: Buffer | null;
}

function fieldsOf(body: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < body.length; ) {
    const start = at;
    const [tag, afterTag] = readVarint(body, at);
    let value: Buffer | null = null;
    if ((tag & 7) === 0) at = readVarint(body, afterTag)[1];
    else if ((tag & 7) === 1) at = afterTag + 8;
    else if ((tag & 7) === 5) at = afterTag + 4;
    else {
      const [length, from] = readVarint(body, afterTag);
      at = from + length;
      value = body.subarray(from, at);
    }
    fields.push({ field: tag >>> 3, bytes: body.subarray(start, at), value });
  }
  return fields;
}

function readVarint(body: Buffer, from: number): [value: number, after: number] {
  let value = 0;
  for (let at = from, factor = 1; ; at++, factor *= 128) {
    value += (body[at]! & 0x7f) * factor;
    if (body[at]! < 0x80) return [value, at + 1];
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
