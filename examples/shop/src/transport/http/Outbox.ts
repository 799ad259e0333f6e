import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';

/** An event on its way to one consumer. */
export interface Row {
  readonly id: string;
  readonly topic: string;
  readonly consumer: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The events that a service has published and that have not reached all of their consumers, in a file of lines: a row when an event is added, and its ID once it is
 * settled. What is in it survives the process, headers included, so that a delivery hours later has the same cause.
 */
export class Outbox {
  private constructor(
    private readonly file: FileHandle,
    readonly left: readonly Row[],
  ) {}

  /** Opens the file, or makes it. `left` are the rows of an earlier process. */
  static async open(path: string): Promise<Outbox> {
    return new Outbox(await open(path, 'a'), await rowsIn(path));
  }

  /** Resolves once the event is on disk, for all of these consumers. */
  async add(event: Omit<Row, 'id' | 'consumer'>, consumers: readonly string[]): Promise<Row[]> {
    const rows = consumers.map((consumer) => ({ id: randomUUID(), ...event, consumer }));
    await this.file.appendFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await this.file.datasync();
    return rows;
  }

  /** The row is done, or given up. Not synced: at worst a consumer gets an event twice. */
  async settle({ id }: Row): Promise<void> {
    await this.file.appendFile(`${JSON.stringify({ settled: id })}\n`);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** The rows of a file that no later line says to be settled. */
export async function rowsIn(path: string): Promise<Row[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const rows = new Map<string, Row>();
  for (const line of text.split('\n')) {
    const read = parsed(line);
    if (read === null) continue;
    if ('settled' in read) rows.delete(read.settled);
    else rows.set(read.id, read);
  }
  return [...rows.values()];
}

/** A line; null for one that a crash cut off. */
function parsed(line: string): Row | { readonly settled: string } | null {
  try {
    return line === '' ? null : JSON.parse(line);
  } catch {
    return null;
  }
}
