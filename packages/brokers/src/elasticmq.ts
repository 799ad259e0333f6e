import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kind } from './Broker.js';
import { freePort, startForeground } from './foreground.js';
import { jarsMissing, jarsOf, java, SMALL } from './jars.js';

const JARS = 'elasticmq-1.7.1';

/** SQS as ElasticMQ has it; no SNS. */
export const elasticmq: Kind = {
  missing: () => jarsMissing(JARS),
  async prepare(folder) {
    const classPath = await jarsOf(JARS, ['org.elasticmq:elasticmq-server_2.13:1.7.1']);
    const port = await freePort();
    const file = join(folder, 'elasticmq.conf');
    await writeFile(
      file,
      `include classpath("application.conf")
      node-address {protocol=http,host=localhost,port=${port},context-path=""}
      rest-sqs {enabled=true,bind-port=${port},bind-hostname="127.0.0.1",sqs-limits=strict}
      rest-stats {enabled=false}
      # So that a restart finds what was there.
      queues-storage {enabled=true,path="${join(folder, 'queues.conf')}"}
      messages-storage {enabled=true,uri="jdbc:h2:${join(folder, 'messages')}"}`,
    );
    const args = ['-Xmx128m', ...SMALL, `-Dconfig.file=${file}`, '-cp', classPath];
    return {
      url: `http://127.0.0.1:${port}`,
      start: () => startForeground(java(), [...args, 'org.elasticmq.server.Main'], { port }),
    };
  },
};
