import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kind } from './Broker.js';
import { freePort, startForeground } from './foreground.js';
import { notThere, programAt } from './programs.js';

const NAME = 'rabbitmq-server';
/** The server's own start script on Debian, whose wrapper on the path changes the user. */
const DEBIAN = '/usr/lib/rabbitmq/bin/rabbitmq-server';

const program = () => (existsSync(DEBIAN) ? DEBIAN : programAt(NAME));

export const rabbitmq: Kind = {
  missing: () =>
    program() === null ? notThere(NAME, 'apt install rabbitmq-server, or brew install rabbitmq') : null,
  async prepare(folder) {
    const server = program() ?? NAME;
    const [port, epmdPort, distPort] = [await freePort(), await freePort(), await freePort()];
    await writeFile(
      join(folder, 'rabbitmq.conf'),
      [
        `listeners.tcp.1 = 127.0.0.1:${port}`,
        'loopback_users = none',
        'log.console = true',
        'log.file = false',
        'disk_free_limit.absolute = 50MB',
      ].join('\n'),
    );
    await writeFile(join(folder, 'enabled_plugins'), '[].');
    await writeFile(join(folder, '.erlang.cookie'), 'upshot-test');
    await chmod(join(folder, '.erlang.cookie'), 0o400);
    // A broker without a port mapper starts a daemon one, which outlives it: so it gets ours.
    const mapper = await startForeground(
      programAt('epmd') ?? 'epmd',
      ['-port', String(epmdPort), '-address', '127.0.0.1'],
      {
        port: epmdPort,
      },
    );
    const env = environment(folder, port, epmdPort, distPort);
    return {
      url: `amqp://guest:guest@127.0.0.1:${port}`,
      start: () => startForeground(server, [], { port, env }),
      stop: mapper.stop,
    };
  },
};

/** Clean, but for the path: settings of another RabbitMQ on this machine must not reach this one. */
function environment(folder: string, port: number, epmdPort: number, distPort: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: folder,
    LANG: 'C.UTF-8',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmdPort),
    // Makes the start script exec the virtual machine, so that the child's pid is the broker's.
    RUNNING_UNDER_SYSTEMD: '1',
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_NODENAME: `upshot-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_FEATURE_FLAGS_FILE: join(folder, 'ff'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
}
