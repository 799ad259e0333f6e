import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { orderCase } from './order.mjs';

/** @type {Awaited<ReturnType<typeof orderCase>>} */
let order;
before(async () => {
  order = await orderCase();
});
after(() => order.close());

test('an order reaches its payment', () => order.passes());
test('what is missing is told', () =>
  assert.rejects(order.fails(), {
    name: 'CausalityError',
    message: /send-warehouse-webhook was not reached.*✗ send-warehouse-webhook is missing/s,
  }));
// Runs where it is asked for alone: it must end the run as failed, and show the tree.
test('a failure is one', { skip: process.env.FAIL_TOO !== '1' }, () => order.fails());
