import * as fs from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

/**
 * The browser that pages are opened in: that which CHROMIUM names, which has to be here; else Debian's, where it is here.
 * `.ci/run` installs it, and names it.
 */
const programOf = (): string | undefined => {
  const asked = process.env['CHROMIUM'];
  const file = asked ?? '/usr/bin/chromium';
  if (fs.existsSync(file)) return file;
  if (asked !== undefined) throw new Error(`CHROMIUM: ${asked} is not here: install it`);
  return undefined;
};

const program = programOf();

/** Whether pages can be opened here; where not, it is said once. */
export const hasBrowser = program !== undefined;
if (!hasBrowser) {
  process.stderr.write('Left out: the tests of the report page in a browser, for which chromium is not installed.\n');
}

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page that is open, and what it should not have done. */
export interface OpenPage {
  readonly page: Page;
  /** What is on its console, errors that nobody caught, and what it asked of any network. */
  readonly complaints: readonly string[];
}

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** Opens pages from files, in one browser for a test file. */
export const openedPages = (): ((file: string, hash?: string, look?: Look) => Promise<OpenPage>) => {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (program !== undefined) browser = await chromium.launch({ executablePath: program, args: ARGUMENTS });
  });
  afterAll(async () => {
    await browser?.close();
  });
  return async (file, hash = '', { width = 1440, height = 900, scheme = 'light' } = {}) => {
    if (browser === undefined) throw new Error('there is no browser');
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce' });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.url() !== `file://${file}` && !request.url().startsWith('data:')) {
        complaints.push(`request: ${request.url()}`);
      }
    });
    await page.goto(`file://${file}${hash}`);
    return { page, complaints };
  };
};
