import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore } from '@upshot/storage/contract-kit';
import { openChdbStore } from '@upshot/storage-clickhouse';

describeStore('embedded ClickHouse', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'upshot-store-'));
  return {
    store: await openChdbStore({ directory }),
    reopen: () => openChdbStore({ directory }),
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
});
