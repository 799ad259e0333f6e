import type { Store } from '@upshot/storage';
import { MemoryStore } from './MemoryStore.js';

/** A store that lives and dies with this process. */
export function openMemoryStore(): Store {
  return new MemoryStore();
}
