import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { classes as common, startBareJava, startJava } from '../start-java.mjs';

const run = promisify(execFile);
const here = fileURLToPath(new URL('./', import.meta.url));
const jars = `${here}target/jars`;
const classes = `${here}target/classes`;

/** Fetches the jars of pom.xml on first use and compiles src/ against them and the classes that `buildJava` made. */
export async function buildSpring() {
  if (!existsSync(jars)) {
    await run('mvn', ['-q', '-B', '-f', here, 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`]);
  }
  const sources = (await readdir(`${here}src`)).map((file) => `${here}src/${file}`);
  await run('javac', ['--release', '17', '-cp', `${common}:${jars}/*`, '-d', classes, ...sources]);
}

/** Starts a main class of src/ as a service, with the OpenTelemetry agent attached. */
export const startSpring = (stage, name, mainClass, env) =>
  startJava(stage, name, mainClass, env, [classes, `${jars}/*`]);

/** The same without the agent: the service makes its own spans. */
export const startBareSpring = (stage, name, mainClass, env) =>
  startBareJava(stage, name, mainClass, env, [classes, `${jars}/*`]);
