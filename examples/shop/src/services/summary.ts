import { TOPICS, type Topic } from '../topics.js';
import type { Service } from './Service.js';

/** What has become of an order so far. */
export type Summary = ReadonlyMap<string, ReadonlySet<string>>;

/** Keeps a summary of each order: which of its events have happened. Twice is as good as once. */
export function summary(orders: Map<string, Set<string>>): Service {
  return {
    name: 'summary',
    reads: (Object.keys(TOPICS) as Topic[]).map((topic) => ({
      topic,
      step: 'project-order-summary',
      async handle({ id }) {
        const happened = orders.get(id) ?? new Set();
        happened.add(TOPICS[topic]);
        orders.set(id, happened);
      },
    })),
  };
}
