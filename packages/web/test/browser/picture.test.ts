import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, openStage, type Stage } from './browser.js';

/** Consumers of one event, no two alike: nothing stacks, and most stand off screen. */
const CONSUMERS = 90;
const TOO_MANY = 1_050;

async function send(otlpHttpUrl: string, key: string, consumers: number): Promise<void> {
  const start = BigInt(Date.now()) * 1_000_000n - 60_000_000_000n;
  const event = { eventId: `${key}-placed`, eventName: 'order.placed', correlationId: key };
  const records: object[] = [{ ...event, producer: 'shop', startTimeUnixNano: `${start}` }];
  for (let number = 0; number < consumers; number++) {
    const begun = start + BigInt(number) * 1_000_000n;
    records.push({
      ...event,
      consumerName: `consumer-${number}`,
      step: `step-${number}-of-${key}`,
      startTimeUnixNano: `${begun}`,
      endTimeUnixNano: `${begun + 5_000_000n}`,
    });
  }
  const response = await fetch(`${otlpHttpUrl}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(records),
  });
  if (!response.ok) throw new Error(await response.text());
}

async function exported(page: Page, item: RegExp): Promise<{ name: string; bytes: Buffer }> {
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 60_000 }),
    page.getByRole('menuitem', { name: item }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

describeInBrowser('a picture of a graph', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    await send(stage.server.otlpHttpUrl, 'wide', CONSUMERS);
    await send(stage.server.otlpHttpUrl, 'huge', TOO_MANY);
  });

  afterAll(() => stage?.close());

  it('holds all of it, also what is off screen or too small to read there', async () => {
    const page = await stage.open('/workflows/wide');
    await page.locator('.gcard').first().waitFor();
    const drawn = () => page.locator('.react-flow__node').count();
    await page.getByRole('button', { name: 'Larger' }).click();
    await expect.poll(drawn).toBeLessThan(CONSUMERS);
    const svg = await exported(page, /^SVG/);
    expect(svg.name).toBe('wide.svg');
    const text = svg.bytes.toString();
    for (let number = 0; number < CONSUMERS; number++) expect(text).toContain(`>step-${number}-of-wide<`);
    expect(text.match(/marker-end="url\(#arrow/g)?.length).toBe(CONSUMERS);
    const [width, height] = /width="(\d+)" height="(\d+)"/.exec(text)!.slice(1).map(Number);
    expect(height).toBeGreaterThan(CONSUMERS * 80);
    await expect.poll(drawn).toBeLessThan(CONSUMERS);
    const png = await exported(page, /^PNG/);
    expect(png.name).toBe('wide.png');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    const [pixelsWide, pixelsHigh] = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)];
    expect(pixelsWide / pixelsHigh).toBeCloseTo(width! / height!, 2);
    expect(page.offences).toEqual({ errors: [], strangers: [] });
  });

  it('says plainly where a graph is too large for one', async () => {
    const page = await stage.open('/workflows/huge');
    await page.locator('.gcard').first().waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: /^PNG/ }).click();
    await page.getByText('a picture holds 1,000 cards, and this graph has 1,051').waitFor();
  });
});
