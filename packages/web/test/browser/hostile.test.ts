import { afterAll, beforeAll, expect, it } from 'vitest';
import { feed } from '../fixtures/feed.js';
import { OrderShop } from '../fixtures/OrderShop.js';
import { describeInBrowser, openStage, type Stage } from './browser.js';

const IMAGE = '<img src=x onerror="window.stolen = 1">';
const ANSI = '\u001b[31mred\u001b[0m';
const RTL = 'invoice\u202egnp.exe';
const LONG = `long-${'n'.repeat(990)}-end`;
const HUGE = `huge-${'n'.repeat(100_000)}-end`;

/** A span whose name and attribute are as long as a sender can make them. */
async function sendSpan(otlpHttpUrl: string): Promise<void> {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const start = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId: 'ab'.repeat(16),
    spanId: 'cd'.repeat(8),
    name: HUGE,
    kind: 2,
    startTimeUnixNano: `${start}`,
    endTimeUnixNano: `${start + 5_000_000n}`,
    attributes: [text('messaging.message.conversation_id', 'hostile'), text(IMAGE, HUGE)],
  };
  const resource = { attributes: [text('service.name', RTL)] };
  const response = await fetch(`${otlpHttpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  });
  if (!response.ok) throw new Error(`the span was answered ${response.status}`);
}

describeInBrowser('text that came with telemetry', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    const shop = new OrderShop(BigInt(Date.now()) * 1_000_000n - 60_000_000_000n);
    const error = { type: IMAGE, message: `${ANSI} ${RTL} ${IMAGE}` };
    shop.tried('hostile', 'evt_1', IMAGE, `${RTL}${IMAGE}`, `${IMAGE} ${ANSI}`, 0, 10, 1, error);
    shop.tried('hostile', 'evt_2', LONG, RTL, LONG, 100, 10, 1, {
      type: 'Long',
      message: HUGE.slice(0, 9_000),
    });
    shop.tried('hostile', 'javascript:alert(1)//../..', ANSI, 'c', 's', 200, 10, 1, null);
    await feed(stage.server.otlpHttpUrl, shop);
    await sendSpan(stage.server.otlpHttpUrl);
  });

  afterAll(() => stage?.close());

  it.each([
    '/workflows',
    '/workflows/hostile',
    '/workflows/hostile?view=timeline',
    '/workflows/hostile?view=story',
    '/workflows/hostile?view=findings',
    '/workflows/hostile?sel=step%3Aabababababababababababababababab%2Fcdcdcdcdcdcdcdcd%2F2',
    '/events/evt_1',
    '/events/javascript%3Aalert(1)%2F%2F..%2F..',
  ])('%s shows it, and does nothing it says', async (path) => {
    const page = await stage.open(path);
    await page.locator('h1').first().waitFor();
    await page.waitForTimeout(700);
    expect(await page.evaluate('window.stolen')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    const text = (await page.evaluate('document.body.innerText')) as string;
    expect(text).not.toContain('\u202e');
    expect(text).not.toContain('\u001b');
    expect(text.length).toBeLessThan(30_000);
    const widest = (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
    expect(widest).toBeLessThanOrEqual(0);
    expect(page.offences).toEqual({ errors: [], strangers: [] });
  });

  it('is seen for what it is, and copied whole', async () => {
    const page = await stage.open('/workflows/hostile?view=story');
    await page.getByText(IMAGE).first().waitFor();
    expect(await page.locator('.story').innerText()).toContain('\\u202e');
    await page.getByRole('button', { name: 'Copy as' }).click();
    await page.getByRole('menuitem', { name: /JSON/ }).click();
    await expect
      .poll(async () => ((await page.evaluate('navigator.clipboard.readText()')) as string).length)
      .toBeGreaterThan(10_000);
  });
});
