import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, startForeground } from './foreground.mjs';

const run = promisify(execFile);
/** Jars are fetched once, into a folder that git ignores. */
const JARS = fileURLToPath(new URL('../../../node_modules/.cache/upshot-jars/', import.meta.url));
const JAVA = '/usr/bin/java';
const MAVEN = '/usr/bin/mvn';
const SMALL = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/**
 * All jars of some artifacts of Maven Central with what they need, as a class path.
 * @param {string} name of their folder
 * @param {readonly string[]} artifacts each `group:artifact:version`
 */
async function jarsOf(name, artifacts) {
  const folder = join(JARS, name);
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
  await run(MAVEN, ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${fresh}`]);
  // Somebody else may have been faster.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  return `${folder}/*`;
}

/** @type {import('./Broker.mjs').Kind} */
export const kafka = {
  needs: { files: [JAVA, MAVEN], from: "Debian's default-jre-headless and maven" },
  async prepare(folder) {
    const classPath = await jarsOf('kafka-4.1.0', [
      'org.apache.kafka:kafka_2.13:4.1.0',
      // Without a logger a start that fails says nothing.
      'org.slf4j:slf4j-simple:1.7.36',
    ]);
    const [port, controllerPort] = [await freePort(), await freePort()];
    const properties = join(folder, 'server.properties');
    await writeFile(
      properties,
      [
        'process.roles=broker,controller',
        'node.id=1',
        `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
        `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
        'controller.listener.names=CONTROLLER',
        `log.dirs=${join(folder, 'data')}`,
        'auto.create.topics.enable=false',
        // The default makes the first consumer of every group wait 3 s.
        'group.initial.rebalance.delay.ms=0',
        'offsets.topic.replication.factor=1',
        'offsets.topic.num.partitions=1',
        'transaction.state.log.replication.factor=1',
        'transaction.state.log.min.isr=1',
        'transaction.state.log.num.partitions=1',
      ].join('\n'),
    );
    // Any 22 characters of base64; it shows as the cluster's ID.
    const format = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', 'Upshot4TestingOfKafkaA'];
    await run(JAVA, [...format, '-c', properties]);
    return {
      url: `127.0.0.1:${port}`,
      start: () =>
        startForeground(JAVA, ['-Xmx256m', ...SMALL, '-cp', classPath, 'kafka.Kafka', properties], { port }),
    };
  },
};

/** SQS as ElasticMQ has it. @type {import('./Broker.mjs').Kind} */
export const elasticmq = {
  needs: { files: [JAVA, MAVEN], from: "Debian's default-jre-headless and maven" },
  async prepare(folder) {
    const classPath = await jarsOf('elasticmq-1.7.1', ['org.elasticmq:elasticmq-server_2.13:1.7.1']);
    const port = await freePort();
    const file = join(folder, 'elasticmq.conf');
    await writeFile(
      file,
      `include classpath("application.conf")
      node-address {protocol=http,host=localhost,port=${port},context-path=""}
      rest-sqs {enabled=true,bind-port=${port},bind-hostname="127.0.0.1",sqs-limits=strict}
      rest-stats {enabled=false}`,
    );
    const args = [
      '-Xmx128m',
      ...SMALL,
      `-Dconfig.file=${file}`,
      '-cp',
      classPath,
      'org.elasticmq.server.Main',
    ];
    return { url: `http://127.0.0.1:${port}`, start: () => startForeground(JAVA, args, { port }) };
  },
};
