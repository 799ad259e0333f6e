import { type Fault, type PlainObject, parseConventions, type Rules } from '@upshot/conventions';
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** A conventions file that was read and is right. */
export interface ConventionsRead {
  readonly rules: Rules;
  /** What stands under `traceConventions`, as it was written. */
  readonly document: PlainObject;
}

/** A conventions file that can't be used. Each fault is one line, `FILE:LINE:COLUMN: what is wrong and what would be right`. */
export class ConventionsFileError extends Error {
  override readonly name = 'ConventionsFileError';

  constructor(
    readonly faults: readonly string[],
    options?: { cause?: unknown },
  ) {
    super(faults[0] + (faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''), options);
  }
}

/** Larger than any conventions by far: what is larger is another file. */
export const MAX_BYTES = 256 * 1024;
/** Aliases may make a small file a huge document. */
const MAX_ALIASES = 100;

/**
 * Rules from the text of a file, YAML 1.2 or JSON.
 * @param name how the file is called in faults
 * @throws ConventionsFileError with every fault that was found
 */
export function parseConventionsText(text: string, name: string): ConventionsRead {
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw new ConventionsFileError([
      `${name}: is larger than ${MAX_BYTES / 1024} KB: this is no conventions file`,
    ]);
  const lines = new LineCounter();
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => `${at(pos[0])}: ${oneLine(message)}`);
    throw new ConventionsFileError(faults);
  }
  if (document.contents === null)
    throw new ConventionsFileError([`${at(0)}: is empty: it must begin with traceConventions:`]);
  const parsed = parseConventions(plainOf(document, name));
  if (parsed.rules !== null) return parsed;
  const faults = parsed.faults.map((fault) => {
    const key = fault.path.at(-1);
    const subject = fault.at === 'key' || key === undefined ? '' : `${pathWords(fault.path)} `;
    return { offset: offsetOf(document, fault), words: oneLine(`${subject}${fault.message}`) };
  });
  faults.sort((a, b) => a.offset - b.offset);
  throw new ConventionsFileError(faults.map(({ offset, words }) => `${at(offset)}: ${words}`));
}

function plainOf(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConventionsFileError([`${name}: ${oneLine(message)}`], { cause: error });
  }
}

/** Where the key, or the value, of a fault begins; of what is not there, what it should stand in. */
function offsetOf(document: Document, { path, at }: Fault): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const isLast = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return offset;
      const keyAt = startOf(pair.key) ?? offset;
      offset = isLast && at === 'key' ? keyAt : (valueStart(pair.value) ?? keyAt);
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

/** An empty value begins nowhere that a reader would look: its key is the place. */
function valueStart(value: unknown): number | null {
  return isScalar(value) && value.value === null ? null : startOf(value);
}

function startOf(node: unknown): number | null {
  const { range } = (node ?? {}) as Partial<Node>;
  return range?.[0] ?? null;
}

/** `requiredFields[2].phases`, without the root that every path has. */
function pathWords(path: Fault['path']): string {
  const steps = path[0] === 'traceConventions' && path.length > 1 ? path.slice(1) : path;
  return steps
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${step}`))
    .join('');
}

/** One line that steers no terminal. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
