import type { Topic } from '../topics.js';
import { inventory } from './inventory.js';
import { loyalty } from './loyalty.js';
import { mail } from './mail.js';
import { orders } from './orders.js';
import { payments } from './payments.js';
import type { Service } from './Service.js';
import { summary } from './summary.js';
import { warehouse } from './warehouse.js';

/** Every service that reads, by name. The entry (`shop`) reads nothing. */
export const READERS = {
  orders: () => orders,
  payments: () => payments,
  inventory,
  warehouse: (webhookUrl: string) => warehouse(webhookUrl),
  mail: () => mail,
  loyalty,
  summary: () => summary(new Map()),
} satisfies Record<string, (webhookUrl: string) => Service>;

export type ReaderName = keyof typeof READERS;
export type ServiceName = ReaderName | 'shop';

export const SERVICE_NAMES = ['shop', ...Object.keys(READERS)] as readonly ServiceName[];

export function isServiceName(text: string): text is ServiceName {
  return (SERVICE_NAMES as readonly string[]).includes(text);
}

/** Who reads what: what a broker has to be told before the first event. */
export function subscriptions(): readonly { readonly topic: Topic; readonly consumer: ReaderName }[] {
  return (Object.keys(READERS) as ReaderName[]).flatMap((consumer) =>
    READERS[consumer]('').reads.map(({ topic }) => ({ topic, consumer })),
  );
}
