import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RunningServer, type ServerOptions, startServer } from '@upshot/server';
import { type Browser, chromium, type Page } from 'playwright-core';
import { describe, onTestFinished } from 'vitest';

const CHROMIUM = process.env.UPSHOT_CHROMIUM ?? '/usr/bin/chromium';
const SITE = fileURLToPath(new URL('../../dist/site', import.meta.url));

/** Tests in a real browser. Without Chromium they are left out on a developer's machine, which says so, and fail in CI. */
export const describeInBrowser: typeof describe.skip =
  existsSync(CHROMIUM) || process.env.CI === 'true'
    ? describe
    : Object.assign(
        ((name: string, ...rest: [() => void]) =>
          // Nothing is downloaded at install, so a machine may have no browser; CI installs one and fails without it.
          describe.skip(
            `${name} (no ${CHROMIUM}: apt-get install chromium)`,
            ...rest,
          )) as typeof describe.skip,
        describe.skip,
      );

/** What a page did that it must not. */
export interface Offences {
  /** Violations of the Content-Security-Policy, errors thrown, errors logged. */
  readonly errors: string[];
  /** Requests to any other host. */
  readonly strangers: string[];
}

/** A real server, with the built interface, and a browser to look at it. */
export interface Stage {
  readonly server: RunningServer;
  readonly browser: Browser;
  open(
    path: string,
    options?: { readonly width?: number; readonly height?: number; readonly dark?: boolean },
  ): Promise<Page & { offences: Offences }>;
  close(): Promise<void>;
}

export async function openStage(options: Partial<ServerOptions> = {}): Promise<Stage> {
  if (!existsSync(`${SITE}/index.html`)) throw new Error('the web interface is not built: npm run build');
  const server = await startServer({
    store: { kind: 'memory' },
    port: 0,
    otlpHttpPort: 0,
    otlpGrpcPort: 0,
    site: SITE,
    ...options,
  });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  return {
    server,
    browser,
    async open(path, { width = 1280, height = 800, dark = false } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: dark ? 'dark' : 'light',
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      // A page that nobody looks at any more still asks its server.
      onTestFinished(() => context.close());
      const page = await context.newPage();
      const offences: Offences = { errors: [], strangers: [] };
      page.on('pageerror', (error) => offences.errors.push(String(error)));
      page.on('console', (message) => {
        // The browser logs every answer that is no success; what they mean is the page's affair.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          offences.errors.push(message.text());
      });
      page.on('request', (request) => {
        const { protocol, host } = new URL(request.url());
        if (/^(?:http|ws)/.test(protocol) && host !== new URL(server.uiUrl).host)
          offences.strangers.push(request.url());
      });
      await page.goto(server.uiUrl + path);
      return Object.assign(page, { offences });
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
