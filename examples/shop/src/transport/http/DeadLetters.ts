import { appendFile } from 'node:fs/promises';
import { type Row, rowsIn } from './Outbox.js';

/** What was given up, by all services: a file of lines as an outbox has them. */
export class DeadLetters {
  constructor(private readonly path: string) {}

  async add(row: Row): Promise<void> {
    await appendFile(this.path, `${JSON.stringify(row)}\n`);
  }

  /** Those of one consumer. */
  async of(consumer: string): Promise<Row[]> {
    return (await rowsIn(this.path)).filter((row) => row.consumer === consumer);
  }

  async remove({ id }: Row): Promise<void> {
    await appendFile(this.path, `${JSON.stringify({ settled: id })}\n`);
  }
}
