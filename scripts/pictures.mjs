/**
 * `npm run pictures`: makes docs/images again, from the real pages of a real server with a system of orders. Needs a build and Debian's Chromium.
 * `npm run pictures -- FOLDER` puts them elsewhere, with more of them, to be looked at.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';
import { smallPng } from './pictures/smallPng.mjs';
import { setUp } from './setup/setUp.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = process.argv[2] ?? join(ROOT, 'docs/images');
const HOURS = 3_600_000_000_000n;
const WAREHOUSE = 'send-warehouse-webhook';
/** Those in the documentation, and what else is worth a look. */
const SHOWN = new Set([
  'workflows-light',
  'workflow-graph-light',
  'workflow-timeline-dark',
  'workflow-story-light',
]);

/** @typedef {{ name: string, path: string, select?: string, click?: string, key?: string, width?: number, height?: number }} Picture */
/** @type {Picture[]} */
const PICTURES = [
  { name: 'workflows', path: '/workflows' },
  { name: 'workflow-graph', path: '/workflows/order_1003', select: WAREHOUSE },
  { name: 'workflow-timeline', path: '/workflows/order_1003?view=timeline', select: WAREHOUSE },
  { name: 'workflow-story', path: '/workflows/order_1003?view=story', select: WAREHOUSE },
  { name: 'workflow-findings', path: '/workflows/order_1003?view=findings' },
  { name: 'workflow-stack', path: '/workflows/campaign_77', click: '.stack-toggle' },
  { name: 'workflow-missing', path: '/workflows/order_0997' },
  { name: 'workflow-wide', path: '/workflows/order_1003', width: 1920, height: 1080 },
  { name: 'workflow-phone', path: '/workflows/order_1003', width: 400, height: 890 },
  { name: 'workflows-phone', path: '/workflows', width: 400, height: 890 },
  { name: 'story-phone', path: '/workflows/order_1003?view=story', width: 400, height: 890 },
  { name: 'timeline-phone', path: '/workflows/order_1003?view=timeline', width: 400, height: 890 },
  { name: 'propagation-phone', path: '/propagation', width: 400, height: 890 },
  { name: 'findings-phone', path: '/findings', width: 400, height: 890 },
  { name: 'workflows-wide', path: '/workflows', width: 1920, height: 1080 },
  { name: 'keys', path: '/workflows/order_1003', key: '?' },
  { name: 'event', path: '/events/campaign_77-launched' },
  { name: 'topology', path: '/topology' },
  { name: 'propagation', path: '/propagation' },
  { name: 'findings', path: '/findings' },
  { name: 'conventions', path: '/conventions' },
];

setUp();
const { startServer } = await import('@upshot/server');
// Vite, for Node 20 runs no TypeScript.
const vite = await createServer({
  root: ROOT,
  logLevel: 'error',
  server: { middlewareMode: true, watch: null, ws: false },
});
const fixtures = join(ROOT, 'packages/web/test/fixtures');
const { OrderShop } = await vite.ssrLoadModule(join(fixtures, 'OrderShop.ts'));
const { feed } = await vite.ssrLoadModule(join(fixtures, 'feed.ts'));

// What a project of that kind would declare: the invoice that one order lacks is missed by it.
const folder = mkdtempSync(join(tmpdir(), 'upshot-pictures-'));
const conventions = join(folder, 'conventions.yaml');
writeFileSync(
  conventions,
  `traceConventions:
  requiredFields: [traceId, eventId, correlationId]
  spanNaming:
    style: business-step-first
  expectedConsumers:
    payment.authorized:
      - consumer: invoicing
        within: 5m
`,
);

const server = await startServer({
  store: { kind: 'memory' },
  conventions,
  port: 0,
  otlpHttpPort: 0,
  otlpGrpcPort: 0,
  site: join(ROOT, 'packages/web/dist/site'),
  traceLinks: [{ name: 'Jaeger', template: 'https://jaeger.example/trace/{traceId}' }],
});
const shop = new OrderShop(BigInt(Date.now()) * 1_000_000n - 7n * HOURS);
for (let order = 0; order < 90; order++) shop.goodOrder(`order_${1002 - order}`, -9000 - order * 37_000);
shop.goodOrder('order_0997', -1500, false);
shop.failedOrder('order_1003').campaign('campaign_77', 900, 14, -2000).failedOrder('order_0996', -21_700_000);
await feed(server.otlpHttpUrl, shop);
// What many workflows teach may lag by up to 5 s.
await new Promise((resolve) => setTimeout(resolve, 6000));

/** @type {{ attempts: { step: string, delivery: string }[] }} */
const graph = JSON.parse(await (await fetch(`${server.uiUrl}/api/workflows/order_1003`)).text());
const browser = await chromium.launch({
  executablePath: process.env.UPSHOT_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-background-networking',
    '--no-first-run',
  ],
});
mkdirSync(FOLDER, { recursive: true });
for (const dark of [false, true]) {
  for (const picture of PICTURES) {
    const name = `${picture.name}-${dark ? 'dark' : 'light'}`;
    if (process.argv[2] === undefined && !SHOWN.has(name)) continue;
    const image = smallPng(await take(picture, dark));
    writeFileSync(join(FOLDER, `${name}.png`), image);
    console.log(`${name}.png  ${Math.ceil(image.length / 1024)} KB`);
  }
}
await browser.close();
await server.close();
await vite.close();
rmSync(folder, { recursive: true });

/**
 * @param {Picture} picture
 * @param {boolean} dark
 */
async function take({ path, select, click, key, width = 1280, height = 800 }, dark) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
  const url = new URL(path, server.uiUrl);
  if (select) {
    const attempt = graph.attempts.find((one) => one.step === select);
    if (attempt) url.searchParams.set('sel', attempt.delivery);
  }
  await page.goto(url.href);
  await page.locator('h1').first().waitFor();
  if (click) await page.click(click);
  if (key) await page.keyboard.press(key);
  await page.waitForTimeout(1200);
  const image = await page.screenshot();
  await page.close();
  return image;
}
