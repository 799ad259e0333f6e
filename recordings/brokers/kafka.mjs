import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { startForeground } from './foreground.mjs';
import { freePort } from './free-port.mjs';

const run = promisify(execFile);
const here = fileURLToPath(new URL('kafka/', import.meta.url));
const jars = join(here, 'jars');

/** Any 22 characters of base64; it appears as the cluster ID in telemetry. */
const CLUSTER_ID = 'Upshot4RecordingsKafka';

export const KAFKA_VERSION = 'Apache Kafka 4.1.0 (KRaft, one node)';

/**
 * Starts a private Kafka broker (Maven Central's jars) with its data in a fresh temporary folder.
 *
 * @param {{ topics: Record<string, number> }} options topics to create, with their number of partitions
 * @returns {Promise<{ bootstrap: string, stop: () => Promise<void> }>} `bootstrap` is `host:port`
 */
export async function startKafka({ topics }) {
  if (!existsSync(jars)) {
    await run('mvn', ['-q', '-B', '-f', here, 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`]);
  }
  const [port, controllerPort] = [await freePort(), await freePort()];
  const folder = await mkdtemp(join(tmpdir(), 'recording-kafka-'));
  const properties = join(folder, 'server.properties');
  await writeFile(properties, serverProperties({ port, controllerPort, data: join(folder, 'data') }));

  const classpath = `${jars}/*`;
  await run('java', [
    '-cp',
    classpath,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    CLUSTER_ID,
    '-c',
    properties,
  ]);
  const heap = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const broker = await startForeground('java', [...heap, '-cp', classpath, 'kafka.Kafka', properties], {
    port,
  });
  const stop = async () => {
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await createTopics(`127.0.0.1:${port}`, topics);
  } catch (error) {
    await stop();
    throw error;
  }
  return { bootstrap: `127.0.0.1:${port}`, stop };
}

function serverProperties({ port, controllerPort, data }) {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'controller.listener.names=CONTROLLER',
    `log.dirs=${data}`,
    'auto.create.topics.enable=false',
    // The default makes the first consumer of every group wait 3 s.
    'group.initial.rebalance.delay.ms=0',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=1',
  ].join('\n');
}

async function createTopics(bootstrap, topics) {
  // The port opens before the controller is elected, so the first tries may fail.
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 20 } });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: Object.entries(topics).map(([topic, numPartitions]) => ({ topic, numPartitions })),
  });
  await admin.disconnect();
}
