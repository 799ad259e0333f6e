import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { classes as common, startBareJava, startJava } from './start-java.mjs';

const run = promisify(execFile);

/**
 * Services with jars of their own, in a folder beside src/.
 *
 * @param {string} folder the folder with pom.xml and src/
 */
export function javaModule(folder) {
  const here = fileURLToPath(new URL(`./${folder}/`, import.meta.url));
  const jars = `${here}target/jars`;
  const classes = `${here}target/classes`;
  return {
    /** Fetches the jars of pom.xml on first use and compiles src/ against them and the classes that `buildJava` made. */
    async build() {
      if (!existsSync(jars)) {
        await run('mvn', [
          ...['-q', '-B', '-f', here],
          ...['dependency:copy-dependencies', `-DoutputDirectory=${jars}`],
        ]);
      }
      const sources = (await readdir(`${here}src`)).map((file) => `${here}src/${file}`);
      await run('javac', ['--release', '17', '-cp', `${common}:${jars}/*`, '-d', classes, ...sources]);
    },

    /** Starts a main class of src/ as a service, with the OpenTelemetry agent attached. */
    start: (stage, name, mainClass, env) => startJava(stage, name, mainClass, env, [classes, `${jars}/*`]),

    /** The same without the agent: the service makes its own spans. */
    startBare: (stage, name, mainClass, env) =>
      startBareJava(stage, name, mainClass, env, [classes, `${jars}/*`]),
  };
}
