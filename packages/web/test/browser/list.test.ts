import { afterAll, beforeAll, expect, it } from 'vitest';
import { feed } from '../fixtures/feed.js';
import { OrderShop } from '../fixtures/OrderShop.js';
import { describeInBrowser, openStage, type Stage } from './browser.js';
import { feedRecordings } from './feedRecordings.js';

/** Few enough that `o-9003` stands among the newest fifty, however many more are recorded. */
const RECORDINGS = [
  ...['amqplib', 'amqplib-link', 'amqplib-no-context', 'amqplib-parent', 'amqplib-ttl-retry', 'bullmq'],
  ...['kafka-to-rabbit', 'kafkajs-batch-new', 'kafkajs-each-new', 'kafkajs-new-semconv', 'python-celery'],
];

describeInBrowser('the list of workflows', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    await feedRecordings(stage.server.otlpHttpUrl, RECORDINGS);
  });

  afterAll(() => stage?.close());

  it('shows workflows with state, root, key, shape, attempts and findings', async () => {
    const page = await stage.open('/');
    const row = page.locator('tr', { hasText: 'o-9003' });
    await row.waitFor();
    expect(await row.innerText()).toMatch(/Failed\s+POST \/order shop\s+o-9003/);
    expect(await row.innerText()).toMatch(/4 failed of 8/);
    expect(await row.innerText()).toContain('dead letter');
    expect(await row.locator('.shape').getAttribute('aria-label')).toContain('1 dead-lettered');
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(25);
    expect(page.offences).toEqual({ errors: [], strangers: [] });
  });

  it('keeps its filters in the URL, and goes back', async () => {
    const page = await stage.open('/workflows');
    await page.getByRole('button', { name: /^Failed/ }).click();
    await page.waitForURL('**/workflows?status=failed');
    await page.getByText('o-9003').waitFor();
    expect(new Set(await page.locator('tbody td:first-child').allInnerTexts())).toEqual(new Set(['Failed']));
    await page.keyboard.press('f');
    await page.getByLabel('What').selectOption('consumer');
    await page.getByLabel('is', { exact: true }).fill('courier');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/workflows?status=failed&consumer=courier');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('button', { name: 'Remove the filter consumer' }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBeGreaterThan(5);
    await page.goBack();
    await page.waitForURL('**/workflows?status=failed&consumer=courier');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
  });

  it('draws how many began when, and dragging over that chooses a time', async () => {
    const page = await stage.open('/workflows');
    const plot = page.locator('.histogram .u-over');
    await plot.waitFor({ timeout: 20_000 });
    const { x, y, width } = (await plot.boundingBox())!;
    await page.mouse.move(x + width * 0.2, y + 20);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.9, y + 30, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/since=\d{16,}&until=\d{16,}/);
    await page.getByRole('button', { name: 'Remove the filter time' }).click();
    await page.waitForURL((url) => !url.search.includes('since'));
  });

  it('says when nothing passes', async () => {
    const page = await stage.open('/workflows?event=no.such.event');
    await page.getByText('Nothing passes these filters').waitFor();
  });

  it('is walked by keys, and opens', async () => {
    const page = await stage.open('/workflows');
    await page.getByText('o-9003').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    const focused = await page.locator(':focus').getAttribute('href');
    expect(focused).toBe(await page.locator('.row-link').first().getAttribute('href'));
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${focused}`);
    await page.locator('.wf-head h1').waitFor();
  });

  it('jumps to any ID, with its node selected', async () => {
    const answer = await fetch(`${stage.server.uiUrl}/api/workflows/o-9003`);
    const { attempts } = (await answer.json()) as { attempts: { id: string; spanId: string }[] };
    const page = await stage.open('/workflows');
    await page.getByText('o-9003').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(attempts[0]!.spanId);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/workflows\/[0-9a-f]{16}\?sel=/);
    expect(new URL(page.url()).searchParams.get('sel')).toBe(attempts[0]!.id);
    await page.locator('.panel').waitFor();
  });

  it('lists what matches where nothing is known by that ID', async () => {
    const page = await stage.open('/workflows');
    await page.getByRole('textbox').first().fill('HTTP 503');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/workflows?q=HTTP+503');
    await page.getByText('o-9003').waitFor();
  });

  it('explains its keys', async () => {
    const page = await stage.open('/workflows');
    await page.getByText('o-9003').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('find by any ID').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });
});

describeInBrowser('an Upshot that has seen nothing', () => {
  it('teaches how to send something, and shows the first workflow by itself; later ones wait', async () => {
    const stage = await openStage();
    try {
      const page = await stage.open('/');
      await page.getByText('No workflows yet').waitFor();
      // Where to send to is known a moment after the page is there.
      const address = `OTEL_EXPORTER_OTLP_ENDPOINT=${stage.server.otlpHttpUrl}`;
      await page.locator('.empty', { hasText: address }).waitFor();
      const now = BigInt(Date.now()) * 1_000_000n;
      await feed(stage.server.otlpHttpUrl, new OrderShop(now - 60_000_000_000n).goodOrder('order_1'));
      await page.getByText('order_1', { exact: true }).waitFor({ timeout: 15_000 });
      await feed(
        stage.server.otlpHttpUrl,
        new OrderShop(now - 30_000_000_000n, 1000).goodOrder('order_2', 3),
      );
      await page.getByRole('button', { name: 'show 1 new' }).click({ timeout: 15_000 });
      await page.getByText('order_2', { exact: true }).waitFor();
      expect(page.offences).toEqual({ errors: [], strangers: [] });
    } finally {
      await stage.close();
    }
  });
});
