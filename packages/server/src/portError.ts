import { StartupError } from './StartupError.js';

type Port = 'ui' | 'otlpHttp' | 'otlpGrpc';

const OPTIONS: { readonly [port in Port]: string } = {
  ui: '--port',
  otlpHttp: '--otlp-http-port',
  otlpGrpc: '--otlp-grpc-port',
};

/** Why a port can't be listened on, in one line for whoever started Upshot; any other error as it is. */
export function portError(
  error: unknown,
  host: string,
  ports: { readonly [port in Port]?: number },
): unknown {
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  const tried = Object.entries(ports) as [Port, number][];
  const [name, number] = tried.find(([, candidate]) => candidate === port) ?? tried[0]!;
  const option = OPTIONS[name];
  switch (code) {
    case 'EADDRINUSE':
      return new StartupError(
        `Port ${number} on ${host} is taken: stop what listens there, or choose another with ${option}`,
        { cause: error },
      );
    case 'EACCES':
      return new StartupError(`Port ${number} is not for this user: choose one above 1023 with ${option}`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new StartupError(`${host} is no address of this machine: choose another with --host`, {
        cause: error,
      });
    default:
      return error;
  }
}
