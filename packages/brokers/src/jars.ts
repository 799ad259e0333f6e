import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { notThere, programAt } from './programs.js';

const run = promisify(execFile);

/** Fetched once for all that this user starts. */
const folderOf = (name: string) =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'upshot', 'jars', name);

/** A fresh JVM as small and quick as it goes. */
export const SMALL = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

export function java(): string {
  return programAt('java') ?? 'java';
}

/** Why jars of this name can't be run here; null where they can. */
export function jarsMissing(name: string): string | null {
  if (programAt('java') === null)
    return notThere('java', 'apt install default-jre-headless, or brew install openjdk');
  if (existsSync(folderOf(name)) || programAt('mvn') !== null) return null;
  return notThere('mvn, which fetches its jars once,', 'apt install maven, or brew install maven');
}

/**
 * All jars of some artifacts of Maven Central with what they need, as a class path.
 * @param name of their folder
 * @param artifacts each `group:artifact:version`
 */
export async function jarsOf(name: string, artifacts: readonly string[]): Promise<string> {
  const folder = folderOf(name);
  if (existsSync(folder)) return `${folder}/*`;
  const fresh = `${folder}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  const dependencies = artifacts.map((artifact) => {
    const [group, id, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`;
  });
  const pom = join(fresh, 'pom.xml');
  await writeFile(
    pom,
    `<project><modelVersion>4.0.0</modelVersion><groupId>dev.upshot</groupId><artifactId>jars</artifactId><version>1</version>
    <dependencies>${dependencies.join('')}</dependencies></project>`,
  );
  try {
    const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${fresh}`];
    await run(programAt('mvn') ?? 'mvn', ['-q', '-B', '-f', pom, ...copy]);
    // Somebody else may have been faster.
    await rename(fresh, folder).catch(() => {});
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return `${folder}/*`;
}
