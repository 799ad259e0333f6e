import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Kind } from './Broker.js';
import { freePort, startForeground } from './foreground.js';
import { jarsMissing, jarsOf, java, SMALL } from './jars.js';

const run = promisify(execFile);
const JARS = 'kafka-4.1.0';

/** The jars of a Kafka that is installed, where the environment's KAFKA_HOME names it. */
function installed(): string | null {
  const { KAFKA_HOME } = process.env;
  return KAFKA_HOME && existsSync(join(KAFKA_HOME, 'libs')) ? `${join(KAFKA_HOME, 'libs')}/*` : null;
}

/** One node of Kafka, without ZooKeeper. */
export const kafka: Kind = {
  missing() {
    const why = jarsMissing(JARS);
    return why === null || (installed() !== null && why.startsWith('mvn')) ? null : why;
  },
  async prepare(folder) {
    const classPath =
      installed() ??
      (await jarsOf(JARS, [
        'org.apache.kafka:kafka_2.13:4.1.0',
        // Without a logger a start that fails says nothing.
        'org.slf4j:slf4j-simple:1.7.36',
      ]));
    const [port, controllerPort] = [await freePort(), await freePort()];
    const properties = join(folder, 'server.properties');
    const lines = [
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
    ];
    await writeFile(properties, lines.join('\n'));
    // Any 22 characters of base64; it shows as the cluster's ID.
    const format = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', 'Upshot4TestingOfKafkaA'];
    await run(java(), [...format, '-c', properties]);
    const args = ['-Xmx256m', ...SMALL, '-cp', classPath, 'kafka.Kafka', properties];
    return { url: `127.0.0.1:${port}`, start: () => startForeground(java(), args, { port }) };
  },
};
