/** What every event of the shop carries. */
export interface Order {
  /** `order_1003`: the workflow's correlation ID as well. */
  readonly id: string;
  readonly item: string;
  readonly amount: number;
  readonly customer: string;
}

const MOST_TEXT = 200;

/**
 * An order as it came over HTTP or a broker.
 * @throws TypeError with what is wrong with it
 */
export function orderOf(given: unknown): Order {
  if (typeof given !== 'object' || given === null) throw new TypeError('an order is a JSON object');
  const { id, item, amount, customer } = given as Partial<Record<keyof Order, unknown>>;
  if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0)
    throw new TypeError('amount must be a number from 0');
  return { id: text('id', id), item: text('item', item), amount, customer: text('customer', customer) };
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= MOST_TEXT) return value;
  throw new TypeError(`${name} must be a text of 1 to ${MOST_TEXT} characters`);
}
