import type { Service } from './Service.js';

/** Tells the warehouse, which has a web API of its own, to pack what was reserved. */
export function warehouse(webhookUrl: string): Service {
  return {
    name: 'warehouse',
    reads: [
      {
        topic: 'reservations',
        step: 'send-warehouse-webhook',
        async handle(order, work) {
          const answer = await work.step('call-warehouse-api', () =>
            fetch(webhookUrl, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ order: order.id, item: order.item }),
            }),
          );
          await answer.arrayBuffer();
          if (!answer.ok) throw new Error(`the warehouse answers HTTP ${answer.status}`);
          await work.publish('shipments', order);
        },
      },
    ],
  };
}
