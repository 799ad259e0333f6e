import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { feed } from '../fixtures/feed.js';
import { OrderShop } from '../fixtures/OrderShop.js';
import { describeInBrowser, openStage, type Stage } from './browser.js';

const HOURS = 3_600_000_000_000n;
const CONVENTIONS = `traceConventions:
  requiredFields: [traceId, eventId, correlationId]
  expectedConsumers:
    payment.authorized:
      - consumer: invoicing
        within: 5m
`;

describeInBrowser('what many workflows have in common, and what did not happen', () => {
  let stage: Stage;
  const folder = mkdtempSync(join(tmpdir(), 'upshot-findings-'));

  beforeAll(async () => {
    const conventions = join(folder, 'conventions.yaml');
    writeFileSync(conventions, CONVENTIONS);
    stage = await openStage({ conventions });
    const shop = new OrderShop(BigInt(Date.now()) * 1_000_000n - 9n * HOURS);
    for (let order = 0; order < 6; order++) shop.goodOrder(`order_${order}`, order * 1_200_000);
    shop.goodOrder('order_7', 7_000_000, false).goodOrder('order_8', 7_400_000, false);
    shop.failedOrder('order_1003').campaign('campaign_77', 30, 2, 0);
    await feed(stage.server.otlpHttpUrl, shop);
  });

  afterAll(async () => {
    await stage?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('draws a consumer that was declared and did not react as a ghost, in all views', async () => {
    const page = await stage.open('/workflows/order_7');
    const ghost = page.locator('.gcard.is-ghost');
    await ghost.waitFor();
    expect(await ghost.innerText()).toMatch(/invoicing[\s\S]*(?:expected|declared|overdue)/i);
    expect(await page.locator('.edges .edge-ghost').count()).toBe(1);
    expect(await page.locator('.wf-line').innerText()).toContain('Stuck');
    expect(await page.locator('.wf-head').innerText()).not.toContain('not known yet');
    await ghost.getByRole('button', { name: /invoicing/ }).click();
    await page.locator('.panel').waitFor();
    expect(await page.locator('.panel').innerText()).toContain('it is declared to follow within 5 m');
    await page.keyboard.press('2');
    await page.locator('.lane.is-selected', { hasText: 'invoicing' }).waitFor();
    await page.keyboard.press('3');
    await page.locator('.answer', { hasText: 'invoicing' }).waitFor();
    const complete = await stage.open('/workflows/order_1');
    await complete.locator('.gcard').first().waitFor();
    expect(await complete.locator('.is-ghost').count()).toBe(0);
    expect(page.offences).toEqual({ errors: [], strangers: [] });
  });

  it('lists each cause once, by kind, with how often over time, and opens its workflows', async () => {
    const page = await stage.open('/findings?kind=missing-delivery');
    const item = page.locator('.feed-item', { hasText: 'invoicing' });
    await item.waitFor({ timeout: 20_000 });
    await expect.poll(() => item.count()).toBe(1);
    await expect.poll(() => item.locator('.count').innerText(), { timeout: 20_000 }).toMatch(/^×3/);
    const curve = item.getByRole('img', { name: /^Workflows over time: most: \d+ in \d+ min from/ });
    await curve.locator('canvas').waitFor();
    // Something is drawn on it, not only made room for.
    const inked = `(() => {
      const canvas = document.querySelector('.feed-item .curve canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, at) => at % 4 === 3 && value > 200);
    })()`;
    expect(await page.evaluate(inked)).toBe(true);
    await item.getByRole('link', { name: 'order_8' }).click();
    await page.waitForURL('**/workflows/order_8');
    expect(page.offences).toEqual({ errors: [], strangers: [] });
  });

  it('mutes a cause with its reason, and lets it be heard again', async () => {
    const page = await stage.open('/findings?kind=dead-letter');
    const item = page.locator('.feed-item', { hasText: 'warehouse-bridge' });
    await item.waitFor({ timeout: 20_000 });
    await item.getByRole('button', { name: 'Mute' }).click();
    await item.getByRole('button', { name: 'Mute' }).click();
    await item.getByText('Say why').waitFor();
    await item.getByLabel('Why it is muted').fill('see ticket 17');
    await page.keyboard.press('Enter');
    await expect.poll(() => item.count()).toBe(0);
    await page.getByRole('switch', { name: /^Muted/ }).click();
    await page.waitForURL(/muted=shown/);
    await item.getByText('muted: see ticket 17').waitFor();
    await item.getByRole('button', { name: 'Unmute' }).click();
    await item.getByRole('button', { name: 'Mute' }).waitFor();
  });

  it('tells who keeps the rules, whether that grows better, and gives the command for CI', async () => {
    const page = await stage.open('/conventions');
    const card = page.locator('.services .card', { hasText: 'mailer' });
    await card.waitFor({ timeout: 20_000 });
    expect(await card.innerText()).toMatch(/0 %[\s\S]*mend-first score \d+[\s\S]*requiredFields\.traceId/);
    await card
      .getByRole('img', { name: /^Compliant share over time/ })
      .locator('canvas')
      .waitFor();
    expect(await page.locator('.services .card', { hasText: 'checkout-api' }).innerText()).toContain('100 %');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download it' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('upshot-lint.sh');
    const script = readFileSync(await download.path(), 'utf8');
    expect(script).toMatch(/^#!\/bin\/sh\n/);
    expect(script).toContain(`npx upshot lint ${stage.server.uiUrl} --kinds convention`);
    expect(page.offences).toEqual({ errors: [], strangers: [] });
  });

  it('opens like nodes of an event in place', async () => {
    const page = await stage.open('/events/campaign_77-launched');
    const line = page.locator('.event-nodes li', { hasText: '×30' }).first();
    await line.waitFor();
    expect(await page.locator('.event-nodes li').count()).toBeLessThan(20);
    await line.getByRole('button', { name: 'Open' }).click();
    await expect.poll(() => page.locator('.event-nodes li').count()).toBeGreaterThan(30);
  });
});
