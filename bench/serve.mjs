import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLI = join(dirname(fileURLToPath(import.meta.url)), '../packages/cli/bin/upshot.js');

/** Starts `upshot serve` on free ports, over a directory or a ClickHouse; the URL, which may hold a password, goes by the environment. Resolves when it listens. */
export async function serve(store) {
  const child = spawn(
    process.execPath,
    [CLI, 'serve', '--port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, UPSHOT_STORE: store } },
  );
  const line = await new Promise((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}`)));
  });
  const [ui, otlp] = ['ui', 'otlp-http'].map((name) => new RegExp(`${name}=(\\S+)`).exec(line)[1]);
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGTERM');
    });
  return { child, ui, otlp, stop };
}
