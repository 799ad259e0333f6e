import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, openStage, type Stage } from './browser.js';

const IMAGE = '<img src=x onerror="window.stolen = 1">';
const TRACE = 'ab'.repeat(16);
const SPAN = 'cd'.repeat(8);
const LINES = 70;

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

describeInBrowser('the log records of a node', () => {
  let stage: Stage;
  const start = BigInt(Date.now()) * 1_000_000n - 60_000_000_000n;
  const after = (ms: number) => `${start + BigInt(ms) * 1_000_000n}`;
  const resource = { attributes: [text('service.name', 'billing')] };

  async function post(path: string, body: unknown): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(stage.server.otlpHttpUrl + path, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  }

  beforeAll(async () => {
    stage = await openStage();
    const span = (spanId: string, name: string, parentSpanId: string) => ({
      traceId: TRACE,
      spanId,
      parentSpanId,
      name,
      kind: parentSpanId === '' ? 2 : 1,
      startTimeUnixNano: after(0),
      endTimeUnixNano: after(500),
      attributes: [text('messaging.message.conversation_id', 'logged')],
    });
    const spans = [span(SPAN, 'take-money', ''), span('ef'.repeat(8), 'write-ledger', SPAN)];
    await post('/v1/traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
    const logRecords = Array.from({ length: LINES }, (_, n) => ({
      traceId: TRACE,
      spanId: SPAN,
      timeUnixNano: after(n),
      severityNumber: n === 3 ? 17 : 9,
      body: { stringValue: n === 3 ? `${IMAGE} \u202egnp` : `line ${n}` },
    }));
    await post('/v1/logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });
  });

  afterAll(() => stage?.close());

  it('stand in the panel, the gravest first to be seen, and all of them on demand', async () => {
    const page = await stage.open('/workflows/logged');
    await page.getByRole('button', { name: /^take-money/ }).click();
    const logs = page.getByRole('region', { name: 'Log records' });
    await logs.waitFor();
    expect(await logs.locator('li').count()).toBe(20);
    const gravest = logs.locator('li', { hasText: 'error' });
    expect(await gravest.innerText()).toContain(`${IMAGE} \\u202egnp`);
    expect(await gravest.innerText()).toContain('+3 ms');
    await logs.getByRole('button', { name: `Show all ${LINES}` }).click();
    await expect.poll(() => logs.locator('li').count()).toBe(LINES);
    expect(await logs.locator('li').first().innerText()).toContain('line 0');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate('window.stolen')).toBeUndefined();
    expect(page.offences).toEqual({ errors: [], strangers: [] });
  });

  it('are not there where there are none', async () => {
    const page = await stage.open(
      `/workflows/logged?sel=${encodeURIComponent(`step:${TRACE}/${'ef'.repeat(8)}/1`)}`,
    );
    await page.locator('.panel h2', { hasText: 'write-ledger' }).waitFor();
    expect(await page.getByRole('region', { name: 'Log records' }).count()).toBe(0);
  });
});
