import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ChdbEngine } from '../src/engine/chdb/ChdbEngine.js';
import { DEFAULT_LIMITS } from '../src/engine/chdb/chdbConfig.js';
import { readBlocks } from '../src/native/NativeBlock.js';
import { textOf } from '../src/native/NativeReader.js';

/** A directory of its own for one test; removed after it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'upshot-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** An engine for one test; closed after it. */
export function openEngine(directory = temporaryDirectory()): ChdbEngine {
  const engine = ChdbEngine.open(directory, DEFAULT_LIMITS);
  onTestFinished(() => engine.close());
  return engine;
}

/** The values of a String column of an answer. */
export function textsIn(answer: Uint8Array, column: string): string[] {
  return readBlocks(answer).flatMap((block) => {
    const { starts, ends } = block.strings(column);
    return Array.from({ length: block.rows }, (_, row) =>
      textOf(block.answer.subarray(starts[row]!, ends[row]!)),
    );
  });
}
