import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = fileURLToPath(new URL('./', import.meta.url));
const jars = `${here}target/jars`;

/** Where `buildJava` puts what it compiled. */
export const classes = `${here}target/classes`;

const AGENT = `${jars}/opentelemetry-javaagent-2.33.1.jar`;

const RESOURCES = 'io.opentelemetry.instrumentation.resources';

/** What a service needs besides the agent's defaults: traces only, and nothing about the machine it ran on. */
const agentEnvironment = {
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_BSP_SCHEDULE_DELAY: '200',
  OTEL_JAVA_DISABLED_RESOURCE_PROVIDERS: ['Host', 'HostId', 'Os', 'Container']
    .map((what) => `${RESOURCES}.${what}ResourceProvider`)
    .join(','),
};

/** Fetches the jars of pom.xml on first use and compiles src/. */
export async function buildJava() {
  if (!existsSync(AGENT)) {
    await run('mvn', ['-q', '-B', '-f', here, 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`]);
  }
  const sources = (await readdir(`${here}src`)).map((file) => `${here}src/${file}`);
  await run('javac', ['--release', '17', '-cp', `${jars}/*`, '-d', classes, ...sources]);
}

/** Starts a main class as a service, with the OpenTelemetry agent attached; `more` of the classpath comes first. */
export const startJava = (stage, name, mainClass, env, more = []) =>
  startJvm(stage, name, mainClass, { ...agentEnvironment, ...env }, more, [`-javaagent:${AGENT}`]);

/** The same without the agent. */
export const startBareJava = (stage, name, mainClass, env, more = []) =>
  startJvm(stage, name, mainClass, env, more, []);

const startJvm = (stage, name, mainClass, env, more, options) =>
  stage.run(
    name,
    'java',
    [
      '-Xmx128m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      ...options,
      '-cp',
      [...more, classes, `${jars}/*`].join(':'),
      mainClass,
    ],
    env,
  );
