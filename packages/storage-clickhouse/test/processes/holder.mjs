// Opens the store in the directory given, prints `open`, and keeps it until a signal comes: SIGTERM
// closes the store, prints `closed` and lets the process end by itself. Where opening fails it prints the error's code and message.
import { writeSync } from 'node:fs';
import { openChdbStore } from '@upshot/storage-clickhouse';

const keepAlive = setInterval(() => {}, 1000);
try {
  const store = await openChdbStore({ directory: process.argv[2] });
  process.once('SIGTERM', async () => {
    await store.close();
    writeSync(1, 'closed\n');
    clearInterval(keepAlive);
  });
  writeSync(1, 'open\n');
} catch (error) {
  writeSync(1, `${error.code}: ${error.message}\n`);
  clearInterval(keepAlive);
}
