/**
 * What the web interface costs a reader, in Debian's Chromium over a real server with its store in memory: the first graph, a frame of panning and
 * zooming, a fan-out of ten thousand, what a live update moves, and how much script there is. `node bench/web/run.mjs`, after `npm run build`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { startServer } from '@upshot/server';
import { chromium } from 'playwright-core';
import { branch, bush, fanOut } from './workloads.mjs';

const SITE = fileURLToPath(new URL('../../packages/web/dist/site', import.meta.url));
const TIMES = 7;
const FRAMES = 120;
/** Chromium's counters of its main thread. */
const FRAME = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'];
const TASKS = ['TaskDuration'];

const COUNT_FRAMES = `(() => {
  if (window.frameCount === undefined) {
    window.frameCount = 0;
    const count = () => { window.frameCount++; requestAnimationFrame(count); };
    requestAnimationFrame(count);
  }
  return window.frameCount;
})()`;
const PLACES = `Object.fromEntries([...document.querySelectorAll('.react-flow__node')].map((node) => {
  const { x, y } = node.getBoundingClientRect();
  return [node.dataset.id, [x, y]];
}))`;

const server = await startServer({
  store: { kind: 'memory' },
  port: 0,
  otlpHttpPort: 0,
  otlpGrpcPort: 0,
  site: SITE,
});
const start = BigInt(Date.now()) * 1_000_000n - 60_000_000_000n;
await send(bush('bush_200', 12, 15, start));
await send(bush('bush_2000', 40, 49, start));
await send(fanOut('campaign', 10_000, start));
// The list tells what was noted in the background, which the fan-out keeps busy for a while.
for (let listed = 0; listed < 3; ) {
  await new Promise((resolve) => setTimeout(resolve, 500));
  listed = (await (await fetch(`${server.uiUrl}/api/workflows`)).text()).split('"key":').length - 1;
}
const browser = await chromium.launch({
  executablePath: process.env.UPSHOT_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-background-networking',
    '--no-first-run',
  ],
});

report('script at first load, gzipped', `${(firstLoad() / 1024).toFixed(0)} KB`);
await firstGraph();
await frames();
await tenThousand();
await movement();
await browser.close();
await server.close();

/** The entry and what it imports before anything is drawn, as `index.html` names it. */
function firstLoad() {
  const page = readFileSync(join(SITE, 'index.html'), 'utf8');
  const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, file]) => file ?? '');
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(SITE, file)), { level: 9 }).length, 0);
}

/** From the click on its row to all cards in the document and drawn. */
async function firstGraph() {
  const times = [];
  const works = [];
  for (let time = 0; time < TIMES; time++) {
    const page = await openList();
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const before = await cost(session, TASKS);
    times.push(await clickUntil(page, rowOf('bush_200'), `document.querySelectorAll('.gcard').length > 20`));
    works.push(((await cost(session, TASKS)) - before) * 1000);
    await page.context().close();
  }
  report('first graph of 193 cards, from the click', summary(times));
  report('first graph of 193 cards: work of the page', summary(works));
}

/** Script, style and layout of a frame while 2,001 cards are panned and zoomed. */
async function frames() {
  const page = await open('/workflows/bush_2000');
  await page.locator('.gcard').nth(5).waitFor();
  await page.waitForTimeout(1500);
  const drawn = await page.evaluate(`document.querySelectorAll('.react-flow__node').length`);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  for (const [name, move] of /** @type {const} */ ([
    [
      'pan',
      (/** @type {number} */ frame) =>
        page.mouse.move(640 + 200 * Math.sin(frame / 9), 450 + 150 * Math.cos(frame / 7)),
    ],
    ['zoom', (/** @type {number} */ frame) => page.mouse.wheel(0, frame % 40 < 20 ? 40 : -40)],
  ])) {
    await page.mouse.move(640, 450);
    if (name === 'pan') await page.mouse.down();
    const before = await cost(session);
    const begun = /** @type {number} */ (await page.evaluate(COUNT_FRAMES));
    for (let frame = 0; frame < FRAMES; frame++) {
      await move(frame);
      await page.evaluate('new Promise(requestAnimationFrame)');
    }
    const after = await cost(session);
    const count = /** @type {number} */ (await page.evaluate('window.frameCount')) - begun;
    if (name === 'pan') await page.mouse.up();
    report(
      `${name}: script, style and layout a frame, 2,001 cards (${drawn} of them on screen)`,
      `${(((after - before) * 1000) / count).toFixed(1)} ms over ${count} frames`,
    );
  }
  await page.context().close();
}

/** How long the server takes, then the page: from the click to the stack, and to the stack opened. */
async function tenThousand() {
  const asked = performance.now();
  await (await fetch(`${server.uiUrl}/api/workflows/campaign?limit=50000`)).arrayBuffer();
  const answer = performance.now() - asked;
  const page = await openList();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = await cost(session, TASKS);
  const whole = await clickUntil(page, rowOf('campaign'), `document.querySelector('.gcard-stack') !== null`);
  const work = await cost(session, TASKS);
  const opened = await clickUntil(page, '.stack-toggle', `document.querySelector('.stack-branch') !== null`);
  report('10,000 branches: the answer of the server alone', `${answer.toFixed(0)} ms`);
  report('10,000 branches: from the click to the stack, with that answer', `${whole.toFixed(0)} ms`);
  report('10,000 branches: work of the page in all that', `${((work - before) * 1000).toFixed(0)} ms`);
  report('10,000 branches: to open the stack', `${opened.toFixed(0)} ms`);
  await page.context().close();
}

/** How far what is shown moves when a branch is added. */
async function movement() {
  const page = await open('/workflows/bush_200');
  await page.locator('.gcard').nth(5).waitFor();
  await page.waitForTimeout(1000);
  const places = () => /** @type {Promise<Record<string, [number, number]>>} */ (page.evaluate(PLACES));
  const before = await places();
  const cards = Object.keys(before).length;
  await send([
    branch('bush_200', 'bush_200-0', 'part.0', 'late', `${start + 90_000_000n}`, `${start + 95_000_000n}`),
  ]);
  await page.waitForTimeout(3000);
  const after = await places();
  const moved = Object.entries(before).map(([id, [x, y]]) =>
    Math.hypot((after[id]?.[0] ?? x) - x, (after[id]?.[1] ?? y) - y),
  );
  report(
    `a branch arrives: the most that any of ${cards} cards moved`,
    `${Math.max(...moved).toFixed(2)} px`,
  );
  await page.context().close();
}

/** The list with its rows, and what it loads ahead while a reader looks at it. */
async function openList() {
  const page = await open('/workflows');
  for (const key of ['bush_200', 'bush_2000', 'campaign'])
    await page.locator(rowOf(key)).waitFor({ timeout: 120_000 });
  await page.waitForTimeout(2000);
  return page;
}

/** @param {string} key */
function rowOf(key) {
  return `.row-link[href="/workflows/${key}"]`;
}

/** @param {string} path */
async function open(path) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(server.uiUrl + path);
  return page;
}

/**
 * Milliseconds from a click to the first frame in which a condition holds, by the page's own clock.
 * @param {import('playwright-core').Page} page
 * @param {string} what
 * @param {string} condition
 * @returns {Promise<number>}
 */
function clickUntil(page, what, condition) {
  return page.evaluate(`new Promise((resolve) => {
    const begun = performance.now();
    document.querySelector(${JSON.stringify(what)}).click();
    const look = () => (${condition}) ? requestAnimationFrame(() => resolve(performance.now() - begun)) : requestAnimationFrame(look);
    look();
  })`);
}

/**
 * Seconds of the main thread so far.
 * @param {import('playwright-core').CDPSession} session
 * @param {readonly string[]} names
 */
async function cost(session, names = FRAME) {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (/** @type {string} */ name) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return names.reduce((sum, name) => sum + of(name), 0);
}

/** @param {import('./workloads.mjs').EventRecord[]} records */
async function send(records) {
  for (let at = 0; at < records.length; at += 5000) {
    const body = records
      .slice(at, at + 5000)
      .map((record) => JSON.stringify(record))
      .join('\n');
    const headers = { 'content-type': 'application/x-ndjson' };
    const response = await fetch(`${server.otlpHttpUrl}/v1/events`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(await response.text());
  }
}

/** @param {number[]} times */
function summary(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)]?.toFixed(0)} ms, at worst ${sorted.at(-1)?.toFixed(0)} of ${times.length}`;
}

/**
 * @param {string} what
 * @param {string} found
 */
function report(what, found) {
  console.log(`${what}: ${found}`);
}
