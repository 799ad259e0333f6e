import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/**
 * Lets others go first on the processor where it is short. On Linux a thread has a niceness of its own (setpriority(2), "C library/kernel
 * differences"); elsewhere that would be the whole process's, and nothing is done.
 */
export function standBack(niceness: number): void {
  if (niceness === 0 || process.platform !== 'linux') return;
  try {
    // `1234/task/1240`, of the thread that reads it.
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), niceness);
  } catch {
    // Without /proc, or where it is forbidden, it goes on as others do.
  }
}
