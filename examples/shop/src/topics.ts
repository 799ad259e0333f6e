/** Where events go, and what each is called: one event a topic. */
export const TOPICS = {
  orders: 'order.placed',
  'accepted-orders': 'order.accepted',
  payments: 'payment.authorized',
  reservations: 'inventory.reserved',
  shipments: 'shipment.requested',
} as const;

export type Topic = keyof typeof TOPICS;

export function isTopic(text: string): text is Topic {
  return Object.hasOwn(TOPICS, text);
}
