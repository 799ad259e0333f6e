import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/*
 * chDB locks the file `status` in its directory (flock, which the kernel gives up when a process dies, however it dies) and notes its pid
 * there. To a second process it says no more than "Failed to create connection", and prints a line of its own on standard
 * error. So the lock is looked for before chDB is asked.
 */

/** The process that holds the lock of an engine's directory, as Linux lists it; null where none does or that can't be seen. */
export function lockHolder(engineDirectory: string): number | null {
  try {
    const { dev, ino } = statSync(join(engineDirectory, 'status'), { bigint: true });
    return holderOf(readFileSync('/proc/locks', 'utf8'), deviceText(dev), ino);
  } catch {
    return null;
  }
}

/** The process that noted itself in `status` last, where it still lives. After a kill its number may be another process's by now. */
export function notedHolder(engineDirectory: string): number | null {
  let pid: number;
  try {
    pid = Number(/PID: (\d+)/.exec(readFileSync(join(engineDirectory, 'status'), 'utf8'))?.[1]);
  } catch {
    return null;
  }
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : null;
  }
}

/** In `/proc/locks`: `1: FLOCK  ADVISORY  WRITE 24356 fe:00:9978517 0 EOF`. */
export function holderOf(locks: string, device: string, inode: bigint): number | null {
  for (const line of locks.split('\n')) {
    const [, kind, , , pid, file] = line.split(/\s+/);
    if (kind === 'FLOCK' && file === `${device}:${inode}`) return Number(pid);
  }
  return null;
}

/** Major and minor number in hex, unpacked as glibc's `gnu_dev_major` and `gnu_dev_minor` do. */
export function deviceText(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn & 0xffffffffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn & 0xffffffffn);
  return `${major.toString(16).padStart(2, '0')}:${minor.toString(16).padStart(2, '0')}`;
}
