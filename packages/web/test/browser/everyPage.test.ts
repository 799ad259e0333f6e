import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feed } from '../fixtures/feed.js';
import { OrderShop } from '../fixtures/OrderShop.js';
import { describeInBrowser, openStage, type Stage } from './browser.js';
import { feedRecordings } from './feedRecordings.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TOKEN = 'the-token-of-this-test';

const PAGES = [
  '/workflows',
  '/workflows?status=failed&event=order.placed',
  '/workflows/order_1003',
  '/workflows/order_1003?view=timeline',
  '/workflows/order_1003?view=story',
  '/workflows/order_1003?view=findings',
  '/workflows/nobody-knows-this',
  '/events/campaign_77-launched',
  '/topology',
  '/propagation',
  '/findings',
  '/conventions',
];

const LOOKS = [
  { name: 'light, 1280 wide', width: 1280, dark: false, pages: PAGES },
  { name: 'dark, 1920 wide', width: 1920, dark: true, pages: PAGES },
  { name: 'light, a phone of 400', width: 400, dark: false, pages: PAGES },
];

/** Rules that the shop breaks here and there, so that the pages have something to show. */
const CONVENTIONS = `traceConventions:
  requiredFields: [traceId, eventId, correlationId]
`;

/** What stands on a page once what many workflows teach has been counted. */
const FILLED: Readonly<Record<string, string>> = {
  '/findings': '.feed-item .curve canvas',
  '/conventions': '.service-curve canvas',
  '/topology': '.react-flow__node',
  '/propagation': '.hop-table .row',
};

describeInBrowser('every page', () => {
  let stage: Stage;
  let folder = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upshot-pages-'));
    const conventions = join(folder, 'conventions.yaml');
    writeFileSync(conventions, CONVENTIONS);
    stage = await openStage({ conventions });
    await feedRecordings(stage.server.otlpHttpUrl, ['kafka-to-rabbit', 'bullmq']);
    const shop = new OrderShop(BigInt(Date.now()) * 1_000_000n - 25_200_000_000_000n);
    await feed(stage.server.otlpHttpUrl, shop.failedOrder('order_1003').campaign('campaign_77', 40, 2, 900));
  });

  afterAll(async () => {
    await stage?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(LOOKS)('$name', ({ width, dark, pages }) => {
    it.each(pages)('%s has no violation that axe finds', async (path) => {
      const page = await stage.open(path, { width, dark });
      await page.locator('h1').first().waitFor();
      if (path.includes('order_1003')) {
        await page.locator('.gcard, .lane, .story-line, .findings-view, .outline-item').first().waitFor();
        if (!path.includes('view=') && width > 720) {
          const card = page.getByRole('button', { name: /^send-warehouse-webhook, dead/ });
          await card.click({ position: { x: 20, y: 12 } });
          await page.locator('.panel').waitFor();
        }
      }
      const filled = FILLED[path];
      if (filled) await page.locator(filled).first().waitFor({ timeout: 20_000 });
      await page.evaluate(AXE);
      const { violations } = (await page.evaluate('axe.run()')) as {
        violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
      };
      const said = violations.map(
        ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}`,
      );
      expect(said).toEqual([]);
      expect(
        (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number,
      ).toBeLessThanOrEqual(0);
      expect(page.offences).toEqual({ errors: [], strangers: [] });
    });
  });

  it('follows the system to the dark, and stays where the reader put it', async () => {
    const page = await stage.open('/workflows', { dark: true });
    const ground = () => page.evaluate(`getComputedStyle(document.body).backgroundColor`);
    expect(await ground()).toBe('rgb(13, 16, 20)');
    await page.getByRole('button', { name: 'Light or dark' }).click();
    expect(await ground()).toBe('rgb(244, 245, 247)');
    await page.reload();
    expect(await ground()).toBe('rgb(244, 245, 247)');
  });

  it('says that there is no such page, or what this server does not answer', async () => {
    const page = await stage.open('/workflows');
    await page.evaluate(`history.pushState(null, '', '/nowhere')`);
    await page.getByText('There is no such page').waitFor();
  });
});

describeInBrowser('a server that wants a token', () => {
  it('is asked for with the token that the reader gives', async () => {
    const stage = await openStage({ token: TOKEN });
    try {
      const page = await stage.open('/workflows');
      await page.getByRole('heading', { name: 'This Upshot wants a token' }).waitFor();
      await page.getByLabel('Token', { exact: true }).fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'This Upshot wants a token' }).waitFor();
      await page.getByLabel('Token', { exact: true }).fill(TOKEN);
      await page.keyboard.press('Enter');
      await page.getByText('No workflows yet').waitFor();
      expect(await page.evaluate('sessionStorage.getItem("upshot.token")')).toBe(TOKEN);
      expect(page.offences).toEqual({ errors: [], strangers: [] });
    } finally {
      await stage.close();
    }
  });
});
