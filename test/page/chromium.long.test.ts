import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { run } from '../support/session.ts';
import { temporaryFolder } from '../support/trees.ts';
import { hasBrowser, openedPages } from './browser.ts';

const SAMPLE = 'fixtures/sample-agent';
const DAMAGED = 'shop_web.1f0e0a52-aaaa-11ed-9b7e-0242ac110002';
const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const pageOf = async (...argv: readonly string[]): Promise<string> => {
  const file = path.join(temporaryFolder(), 'report.html');
  const { err } = await run(['report', ...argv, '-o', file]);
  expect(err).toBe('');
  return file;
};

/** What axe finds that is serious or worse. */
const seriousIn = async (page: Page): Promise<readonly string[]> => {
  // In the page's own world the policy lets nothing run.
  await page.evaluate(AXE);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    readonly violations: readonly {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  };
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
};

const focused = (page: Page): Promise<string> =>
  page.evaluate(
    `(({ activeElement: element }) => [element.tagName, element.id, element.getAttribute('aria-label') ?? element.textContent].join(' '))(document)`,
  );

describe.skipIf(!hasBrowser)('the report page in Chromium', () => {
  const open = openedPages();

  it('says what the agent will do and what is next, without a complaint or a request', async () => {
    const { page, complaints } = await open(await pageOf(SAMPLE));
    await page.waitForSelector('[role=tree]');
    expect(await page.title()).toBe('node7.example: mesos-ckpt report');
    expect(await page.textContent('h1')).toContain('REFUSES (strict, every start): 2 fatal, 1 loss');
    expect(await page.textContent('.next .command code')).toBe(`mesos-ckpt prune ${SAMPLE} --salvage`);
    const bars = await page.$$eval('.ways tbody tr', (rows) =>
      rows.map((row) => row.querySelectorAll('rect')[1]?.getAttribute('width')),
    );
    expect(bars).toEqual(['0', '60', '60', '0']);
    expect(await page.textContent('.ways .recommended')).toContain('2 of 4');
    expect(complaints).toEqual([]);
  });

  it('finds the damaged task by search, opens it, and draws its time line', async () => {
    const { page, complaints } = await open(await pageOf(SAMPLE));
    await page.waitForSelector('[role=tree]');
    await page.fill('input[type=search]', 'shop_web starting');
    await page.waitForSelector('#found:has-text("1 of 17 entries")');
    await page.click('.row.kind-t');
    await page.waitForSelector('.details .drawing');
    expect(await page.textContent('.details h3')).toContain(DAMAGED);
    expect(await page.textContent('.details .problems')).toContain('task-updates-bad-record');
    expect(await page.getAttribute('.details .drawing', 'aria-label')).toMatch(
      /^Time line: 1 update, 1 acknowledged, 0 pending/,
    );
    expect(await page.$$eval('.details .records tbody tr', (rows) => rows.map((row) => row.className))).toEqual([
      'update',
      'acknowledgement',
      'damaged',
    ]);
    expect(decodeURIComponent(new URL(page.url()).hash)).toBe(`#task=${DAMAGED}&q=shop_web starting`);
    expect(complaints).toEqual([]);
  });

  it('leads to any place by its address, and back', async () => {
    const file = await pageOf(SAMPLE);
    const { page } = await open(file, '#finding=1');
    await page.waitForSelector('#finding-1 .bytes .stops');
    expect(await page.textContent('#finding-1 .bytes .stops')).toContain('the record does not parse: wire type 7');
    expect(await focused(page)).toContain('SUMMARY');
    await page.goto(`file://${file}#task=${DAMAGED}`);
    await page.waitForSelector('.details .time-line');
    await page.goto(`file://${file}#section=costs`);
    await page.waitForSelector('#section-costs:focus');
    await page.goBack();
    await page.waitForSelector('.details .time-line');
    const { page: pending } = await open(file, '#show=pending');
    await pending.waitForSelector('.row .mark.warn');
    expect(await pending.$$eval('.row .ring', (rings) => rings.length)).toBe(1);
  });

  it.each(['light', 'dark'] as const)('has nothing serious that axe finds: %s', async (scheme) => {
    const { page } = await open(await pageOf(SAMPLE), `#task=${DAMAGED}`, { scheme });
    await page.waitForSelector('.details .drawing');
    await page.waitForSelector('.bytes .stops');
    expect(await seriousIn(page)).toEqual([]);
  });
});
