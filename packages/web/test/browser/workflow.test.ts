import { afterAll, beforeAll, expect, it } from 'vitest';
import { feed } from '../fixtures/feed.js';
import { OrderShop } from '../fixtures/OrderShop.js';
import { describeInBrowser, openStage, type Stage } from './browser.js';

const HOURS = 3_600_000_000_000n;

describeInBrowser('the page of a workflow', () => {
  let stage: Stage;
  const start = BigInt(Date.now()) * 1_000_000n - 7n * HOURS;

  beforeAll(async () => {
    stage = await openStage({
      traceLinks: [{ name: 'Jaeger', template: 'https://jaeger.example/trace/{traceId}' }],
    });
    await feed(
      stage.server.otlpHttpUrl,
      new OrderShop(start).failedOrder('order_1003').campaign('campaign_77', 300, 14, 1000),
    );
  });

  afterAll(() => stage?.close());

  it('draws deliveries with their attempts, the dead letter, and how each cause is known', async () => {
    const page = await stage.open('/workflows/order_1003');
    const webhook = page.getByRole('button', {
      name: 'send-warehouse-webhook, dead-lettered, 4 attempts failed',
    });
    await webhook.waitFor();
    const card = page.locator('.gcard', { has: webhook });
    expect(await card.locator('.tick').count()).toBe(4);
    expect(await card.innerText()).toMatch(/5 s[\s\S]*6 h/);
    expect(await page.locator('.gcard-dead-letter').innerText()).toMatch(/warehouse\.dlq\s+not replayed/);
    expect(await page.locator('.edges .edge-stitched').count()).toBe(1);
    expect(await page.locator('.doubt').innerText()).toBe('joined by message ID');
    expect(await page.locator('.edges .edge-critical').count()).toBeGreaterThan(1);
    expect(await page.locator('.wf-summary').innerText()).toContain('stopped at send-warehouse-webhook');
    expect(page.offences).toEqual({ errors: [], strangers: [] });
  });

  it('shows the evidence of a line that is pointed at', async () => {
    const page = await stage.open('/workflows/order_1003');
    const line = page.locator('.edges g', { has: page.locator('.edge-stitched') }).locator('.edge-hit');
    await line.waitFor({ state: 'attached' });
    await line.dispatchEvent('pointerover', { bubbles: true });
    await page.locator('.evidence').waitFor();
    expect(await page.locator('.evidence').innerText()).toMatch(
      /stitched by IDs[\s\S]*message ID[\s\S]*no parent, no link/,
    );
  });

  it('has one selection for all views, in the URL', async () => {
    const page = await stage.open('/workflows/order_1003');
    await page.getByRole('button', { name: /^send-warehouse-webhook, dead/ }).click();
    await page.locator('.panel h2', { hasText: 'send-warehouse-webhook' }).waitFor();
    const panel = await page.locator('.panel').innerText();
    expect(panel).toContain('UpstreamError on all 4 attempts');
    expect(panel).toContain('back-off 6 h 00 m 00 s');
    for (const id of ['eventId', 'correlationId', 'traceId', 'spanId']) expect(panel).toContain(id);
    await page.keyboard.press('2');
    await page.waitForURL(/view=timeline/);
    expect(await page.locator('.lane.is-selected').innerText()).toContain('send-warehouse-webhook');
    await page.keyboard.press('3');
    await page.locator('.story-line.is-selected').first().waitFor();
    const deep = await stage.open(new URL(page.url()).pathname + new URL(page.url()).search);
    await deep.locator('.panel h2', { hasText: 'send-warehouse-webhook' }).waitFor();
    expect(await deep.locator('.answer').innerText()).toContain('It stopped at send-warehouse-webhook');
    await page.goBack();
    await page.waitForURL(/view=timeline/);
  });

  it('walks causes, effects and siblings by arrows', async () => {
    const page = await stage.open('/workflows/order_1003');
    await page.getByRole('button', { name: /^place-order/ }).waitFor();
    const title = page.locator('.panel h2');
    for (const [key, name] of [
      ['ArrowRight', 'place-order'],
      ['ArrowRight', 'project-order-summary'],
      ['ArrowDown', 'reserve-inventory'],
      ['ArrowRight', 'send-warehouse-webhook'],
      ['ArrowRight', 'inventory.reserved'],
      ['ArrowLeft', 'send-warehouse-webhook'],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => title.innerText()).toBe(name);
    }
    await page.keyboard.press('c');
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toMatch(/^eventId evt_/);
    await page.keyboard.press('Escape');
    await expect.poll(() => title.count()).toBe(0);
  });

  it('folds the hours in which nothing works, and marks a clock that runs behind', async () => {
    const page = await stage.open('/workflows/order_1003?view=timeline');
    await page.getByText('6 h folded').waitFor();
    const lane = page.locator('.lane', { hasText: 'score-fraud-risk' });
    expect(await lane.innerText()).toContain('starts 1.18 s before its event: clock behind');
    expect(
      await page.locator('.lane', { hasText: 'send-warehouse-webhook' }).locator('.bar-failed').count(),
    ).toBe(4);
    await page.getByRole('switch', { name: 'Fold quiet stretches' }).click();
    await expect.poll(() => page.locator('.timeline-fold').count()).toBe(0);
    await page.waitForURL(/fold=off/);
  });

  it('tells the story in order, each thing leading to its node', async () => {
    const page = await stage.open('/workflows/order_1003?view=story');
    await page.locator('.answer').waitFor();
    const story = await page.locator('.story-lines').innerText();
    const order = [
      'place-order',
      'reserve-inventory',
      'recovered on the third attempt',
      '6 h 00 m',
      'failed for the fourth time',
      'warehouse.dlq',
    ];
    const found = order.map((words) => story.indexOf(words));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
    await page.locator('.story-lines').getByRole('button', { name: 'payment.authorized' }).first().click();
    await page.locator('.panel h2', { hasText: 'payment.authorized' }).waitFor();
  });

  it('opens a stack in place, the failed first', async () => {
    const page = await stage.open('/workflows/campaign_77');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    const stack = page.locator('.gcard-stack');
    await stack.locator('.stack-branch').first().waitFor();
    expect(await stack.locator('.stack-group').first().innerText()).toMatch(/14 failed[\s\S]*421 4\.7\.0/);
    await stack.getByText('Show 9 of the other 11').click();
    expect(await stack.locator('.stack-branch').count()).toBe(12);
    await stack.locator('.stack-branch').nth(3).click();
    await page.locator('.panel h2', { hasText: 'send-email' }).waitFor();
    expect(await page.locator('.attempts tbody .attempt-number').count()).toBe(5);
  });

  it('shows the stored span, and leads to other viewers', async () => {
    const page = await stage.open('/workflows/order_1003');
    await page.getByRole('button', { name: /^send-warehouse-webhook, dead/ }).click();
    await page.locator('.attributes').first().waitFor();
    expect(await page.locator('.attributes').first().innerText()).toContain('messaging.message.id');
    const link = page.getByRole('link', { name: /Open trace in Jaeger/ });
    expect(await link.getAttribute('href')).toMatch(/^https:\/\/jaeger\.example\/trace\/[0-9a-f]{32}$/);
  });

  it('is copied for a ticket, and drawn as a picture', async () => {
    const page = await stage.open('/workflows/order_1003');
    await page.getByRole('button', { name: /^place-order/ }).waitFor();
    await page.getByRole('button', { name: 'Copy as' }).click();
    await page.getByRole('menuitem', { name: /Markdown/ }).click();
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'))
      .toMatch(/### order\\_1003: failed[\s\S]*\| 4 \|/);
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /^PNG/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('order_1003.png');
    expect(page.offences).toEqual({ errors: [], strangers: [] });
  });
});
