import { describe, expect, it } from 'vitest';
import { isLowLevelName } from './lowLevelNames.js';

const messaging = (...places: string[]) => ({ places, messaging: true });
const PLAIN = { places: [], messaging: false };

describe('isLowLevelName', () => {
  // Each as the named library or version of the conventions emits it.
  it.each([
    ['orders process', messaging('orders'), 'Java agent, Kafka; semantic conventions until 1.26'],
    ['process orders', messaging('orders'), 'semantic conventions from 1.26'],
    ['billing process', messaging('orders'), 'amqplib: the queue stands in the name alone'],
    ['orders publish', messaging(), 'Java agent'],
    ['publish <default>', messaging(), 'amqplib, the default exchange'],
    ['publish orders:order.created', messaging('orders', 'order.created'), 'RabbitMQ from 1.26'],
    ['process orders:order.created:billing', messaging('orders', 'billing'), 'RabbitMQ from 1.26'],
    ['orders -> order.created send', messaging('orders'), 'amqplib until 0.40'],
    ['orders', messaging('orders'), 'kafkajs until 0.8'],
    ['poll orders', messaging('orders'), 'kafkajs, eachBatch'],
    ['recv', messaging(), 'Python, confluent-kafka'],
    ['add orders.charge', messaging('orders'), 'BullMQ: a job of a queue'],
    ['addBulk orders', messaging('orders'), 'BullMQ'],
    ['send to orders', messaging('orders'), '@platformatic/kafka'],
    ['process message from orders', messaging('orders'), '@platformatic/kafka'],
    ['billing-queue receive', messaging('billing-queue'), 'AWS SDK, SQS'],
    ['shop-sub subscribe', messaging('shop-sub'), 'Google Pub/Sub'],
    ['orders create', messaging('orders'), 'Google Pub/Sub'],
    ['orders settle', messaging('orders'), 'semantic conventions 1.25'],
    ['send message', messaging(), 'NServiceBus'],
    ['process message', messaging(), 'NServiceBus'],
    ['receive', messaging(), 'Wolverine'],
    ['on-message', messaging(), 'Brave, JMS and RabbitMQ'],
    ['kafka.consume', PLAIN, 'Datadog'],
    ['amqp.deliver', PLAIN, 'Datadog'],
    ['amqp.command', PLAIN, 'Datadog'],
    ['kafka.consume orders', PLAIN, 'by hand'],
    ['aws.sqs.receive', PLAIN, 'by hand'],
    ['ServiceBusReceiver.DeadLetter', PLAIN, 'Azure SDK for .NET'],
    ['Receiver.ReceiveMessages', PLAIN, 'Azure SDK for Go'],
    ['CloudEvents Process com.shop.order.placed', PLAIN, 'CloudEvents SDKs'],
    ['basic.qos', PLAIN, 'Java agent, RabbitMQ'],
    ['queue.declare', PLAIN, 'Java agent, RabbitMQ'],
    ['POST /x', PLAIN, 'HTTP'],
    ['POST', PLAIN, 'HTTP, a client'],
    ['HTTP GET', PLAIN, 'HTTP, old conventions'],
    ['GET /orders/{id}', PLAIN, 'HTTP'],
    ['GET users/:id', PLAIN, 'HTTP, routes without a slash'],
    ['middleware - jsonParser', PLAIN, 'JS, Express and Koa'],
    ['request handler - /orders', PLAIN, 'JS, Express'],
    ['request handler', PLAIN, 'JS, Express'],
    ['router - /', PLAIN, 'JS, Express'],
    ['request', PLAIN, '@fastify/otel'],
    ['handler - placeOrder', PLAIN, '@fastify/otel'],
    ['preHandler - authenticate', PLAIN, '@fastify/otel'],
    ['SELECT shop.orders', PLAIN, 'databases'],
    ['INSERT INTO orders', PLAIN, 'databases'],
    ['UPDATE stock SET reserved = 1', PLAIN, 'databases, a statement as a name'],
    ['BEGIN', PLAIN, 'databases'],
    ['pg.query:SELECT shop', PLAIN, 'JS, pg'],
    ['redis-GET', PLAIN, 'JS, redis'],
    ['', PLAIN, 'nothing'],
  ])('%j is a phrase of the transport', (name, context) => {
    expect(isLowLevelName(name, context)).toBe(true);
  });

  // Each a name that somebody gave to work.
  it.each([
    ['reserve-inventory', messaging('orders')],
    ['authorize-payment', messaging()],
    ['send-confirmation', messaging('mail')],
    ['send confirmation', PLAIN],
    ['send confirmation', messaging('mail')],
    ['process refund', messaging('orders')],
    ['process payment', PLAIN],
    ['payment process', PLAIN],
    ['order process', PLAIN],
    ['invoice create', messaging('orders')],
    ['refund reject', messaging('orders')],
    ['coupon add', messaging('checkout')],
    ['account create', PLAIN],
    ['publish catalogue', messaging('products')],
    ['connection.requested', messaging('social')],
    ['channel.created', messaging('chat')],
    ['exchange.rate.updated', messaging('fx')],
    ['queue.rebalanced', messaging('ops')],
    ['POST invoice to ledger', messaging('ledger')],
    ['PATCH customer address', PLAIN],
    ['GET approval', PLAIN],
    ['UPDATE STOCK', PLAIN],
    ['CREATE INVOICE', PLAIN],
    ['CALL CUSTOMER', PLAIN],
    ['WITHDRAW', PLAIN],
    ['SELECTED', PLAIN],
    ['BEGIN CHECKOUT', PLAIN],
    ['updateStock', PLAIN],
    ['Reserve Inventory', messaging('orders')],
    ['OrderPlacedHandler', messaging('orders')],
    ['kafkaesque-review', messaging('reviews')],
    ['messaging send welcome letter', PLAIN],
    ['redis consumer lag report', PLAIN],
    ['pollution-report', messaging('sensors')],
    ['handler training', PLAIN],
    ['order-placed-handler', PLAIN],
    ['recalculate', messaging('orders')],
    ['orders', messaging('events')],
    ['warehouse process goods', messaging('orders')],
  ])('%j names business', (name, context) => {
    expect(isLowLevelName(name, context)).toBe(false);
  });

  it('takes no time over names made to take some', () => {
    const began = process.cpuUsage().user;
    for (const piece of ['orders ', 'GET /', 'SELECT a ', 'kafka.', 'a.b:', '-> '])
      isLowLevelName(piece.repeat(20_000), messaging('orders'));
    expect((process.cpuUsage().user - began) / 1000).toBeLessThan(2_000);
  });
});
