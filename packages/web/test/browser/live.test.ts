import { afterAll, beforeAll, expect, it } from 'vitest';
import { feed } from '../fixtures/feed.js';
import { OrderShop } from '../fixtures/OrderShop.js';
import { describeInBrowser, openStage, type Stage } from './browser.js';

describeInBrowser('a workflow that goes on', () => {
  let stage: Stage;
  const start = BigInt(Date.now()) * 1_000_000n - 60_000_000_000n;
  const late = () => new OrderShop(start);

  beforeAll(async () => {
    stage = await openStage();
    await feed(stage.server.otlpHttpUrl, new OrderShop(start).goodOrder('order_9'));
  });

  afterAll(() => stage?.close());

  it('grows while it is looked at, and nothing that is shown moves', async () => {
    const page = await stage.open('/workflows/order_9');
    await page.getByRole('button', { name: /^authorize-payment/ }).waitFor();
    const places = () =>
      page.evaluate(
        `Object.fromEntries([...document.querySelectorAll('.react-flow__node')].map((node) => [node.dataset.id, node.getBoundingClientRect().toJSON()]))`,
      ) as Promise<Record<string, { x: number; y: number }>>;
    const before = await places();
    const placed = await fetch(`${stage.server.uiUrl}/api/workflows/order_9`);
    const { events } = (await placed.json()) as { events: { eventId: string; eventName: string }[] };
    const { eventId, eventName } = events.find((event) => event.eventName === 'order.placed')!;
    await feed(
      stage.server.otlpHttpUrl,
      late().tried('order_9', eventId, eventName, 'loyalty', 'add-points', 2000, 40, 1, null),
    );
    await page.getByRole('button', { name: /^add-points/ }).waitFor({ timeout: 10_000 });
    const after = await places();
    expect(Object.keys(after)).toHaveLength(Object.keys(before).length + 1);
    for (const [id, { x, y }] of Object.entries(before)) {
      expect(Math.hypot(after[id]!.x - x, after[id]!.y - y), id).toBeLessThanOrEqual(1);
    }
    expect(page.offences).toEqual({ errors: [], strangers: [] });
  });

  it('says when it is cut off, and recovers', async () => {
    const page = await stage.open('/workflows/order_9');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.route('**/live*', (route) => route.abort());
    await page.evaluate(`location.hash = ''`);
    // The stream that runs is cut by going away and back, as a laptop that slept does.
    await page.keyboard.press('/');
    await page.keyboard.type('order_9');
    await page.goto(`${stage.server.uiUrl}/workflows/order_9?again`);
    await page.getByText('Upshot does not answer; this page tries again.').waitFor();
    await page.getByText(/Reconnecting, \d+ s old/).waitFor();
    await page.unroute('**/live*');
    await page.getByRole('button', { name: /^authorize-payment/ }).waitFor({ timeout: 15_000 });
    await page.getByText('Live', { exact: true }).waitFor();
  });
});
