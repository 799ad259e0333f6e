import { describeStore } from '@upshot/storage/contract-kit';
import { openMemoryStore } from './index.js';

describeStore('in memory', async () => ({ store: openMemoryStore() }));
