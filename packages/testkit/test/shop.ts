import type { Upshot } from '@upshot/sdk';
import type { TestUpshot } from '../src/index.js';

/** How the small shop of these tests behaves. */
export interface Behaviour {
  /** Tries of `authorize-payment` that fail before one succeeds. */
  readonly failures?: number;
  /** The payment's event reaches the warehouse without any header. */
  readonly loseHeaders?: boolean;
  /** The warehouse never reads it. */
  readonly warehouseIsDown?: boolean;
}

interface Message {
  readonly headers: Readonly<Record<string, unknown>>;
}

/** An order over three services, which hand each other messages a turn later, as over a broker. */
export function newShop(kit: TestUpshot): { place: (order: string, behaviour?: Behaviour) => Promise<void> } {
  const [shop, billing, warehouse] = ['shop', 'billing', 'warehouse'].map((name) => kit.service(name)) as [
    Upshot,
    Upshot,
    Upshot,
  ];

  async function authorize({ headers }: Message, { failures = 0, ...rest }: Behaviour): Promise<void> {
    const reception = { headers, destination: 'orders', consumer: 'billing', step: 'authorize-payment' };
    for (let attempt = 1; attempt <= failures; attempt++) {
      await billing
        .process({ ...reception, attempt, decide: () => 'retry' as const }, async () => {
          throw new Error('HTTP 503');
        })
        .catch(() => {});
    }
    await billing.process({ ...reception, attempt: failures + 1 }, async () => {
      await billing.publish({ event: 'payment.authorized', destination: 'payments' }, async (sending) => {
        if (rest.warehouseIsDown !== true)
          later(() => send(rest.loseHeaders === true ? {} : sending.headers));
      });
    });
  }

  async function send(headers: Message['headers']): Promise<void> {
    const reception = {
      headers,
      destination: 'payments',
      placeName: 'payment.authorized',
      consumer: 'warehouse',
      step: 'send-warehouse-webhook',
    };
    await warehouse.process(reception, async () => {});
  }

  return {
    place: (order, behaviour = {}) =>
      shop.workflow(
        order,
        () =>
          shop.publish({ event: 'order.placed', destination: 'orders' }, async ({ headers }) => {
            later(() => authorize({ headers }, behaviour));
          }),
        { name: 'place-order' },
      ),
  };
}

function later(work: () => Promise<void>): void {
  setTimeout(() => void work(), 20);
}
