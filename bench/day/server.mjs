// An Upshot as `upshot serve` starts it, but for its clock: it goes at the pace of the machine's, and ahead by as much as the parent process says.
//   node bench/day/server.mjs DIRECTORY BEGIN_UNIX_NANO RETENTION_NANO RETENTION_BYTES        (a child with an IPC channel)
import { startServer } from '@upshot/server';

const [directory, begin, retentionNano, retentionBytes] = process.argv.slice(2);
let offset = BigInt(begin) - now();
const clock = () => now() + offset;
let lines = 0;

const server = await startServer({
  store: { kind: 'embedded', directory },
  port: 0,
  otlpHttpPort: 0,
  otlpGrpcPort: 0,
  clock,
  retentionNano: BigInt(retentionNano),
  retentionBytes: Number(retentionBytes),
  log: (line) => {
    // The first few tell what is wrong; the rest would only repeat it.
    if (++lines <= 5) console.error(line);
  },
});
process.on('message', ({ aheadNano }) => {
  offset += BigInt(aheadNano);
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send({ clock: String(clock()), rss, heapUsed, external, lines });
});
process.once('SIGTERM', () => process.disconnect());
process.once('disconnect', () => server.close());
process.send({ ui: server.uiUrl, otlp: server.otlpHttpUrl });

function now() {
  return BigInt(Date.now()) * 1_000_000n;
}
