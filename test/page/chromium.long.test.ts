import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { makeHostOnDisk, readHostFixture } from '../support/fixture-hosts.ts';
import { run } from '../support/session.ts';
import { materialise, pathIn, temporaryFolder } from '../support/trees.ts';
import { bytes, double, int, record, sub, uuid } from '../support/wire.ts';
import { hasBrowser, openedPages } from './browser.ts';

const SAMPLE = 'fixtures/sample-agent';
const DAMAGED = 'shop_web.1f0e0a52-aaaa-11ed-9b7e-0242ac110002';

const pageOf = async (...argv: readonly string[]): Promise<string> => {
  const file = path.join(temporaryFolder(), 'report.html');
  const { err } = await run(['report', ...argv, '-o', file]);
  expect(err).toBe('');
  return file;
};

/** What axe finds that is serious or worse. */
const seriousIn = async (page: Page): Promise<readonly string[]> => {
  // In the page's own world the policy lets nothing run.
  await page.evaluate(axe.source);
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

/** Goes on by Tab until what has the focus is called so: it is one of the next few. */
const tabTo = async (page: Page, name: string): Promise<void> => {
  for (let tabs = 0; tabs < 5; tabs++) {
    await page.keyboard.press('Tab');
    if ((await focused(page)).includes(name)) return;
  }
  throw new Error(`${name} is not reached: ${await focused(page)} is`);
};

/** The text of a PDF; undefined where nothing here reads one. `.ci/run` installs what does. */
const textOfPdf = (file: string): string | undefined => {
  const { stdout, error } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  if (error === undefined) return stdout;
  if (process.env['CHROMIUM'] !== undefined) throw new Error('pdftotext is not here: install poppler-utils');
  return undefined;
};

/** What would run if it became markup. */
const HARMFUL = '</script><script>alert(1)</script><img src=x onerror=alert(1)>';

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
    expect(await page.textContent('#section-findings h2')).toBe('Findings: 4');
    expect(await page.textContent('#section-findings')).toContain('2 fatal, 1 loss, 1 note');
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

  it('is reached by keys alone: the search, the tree, a task and its details', async () => {
    const { page, complaints } = await open(await pageOf(SAMPLE));
    await page.waitForSelector('[role=tree]');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toContain('Skip to the report');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toMatch(/^MAIN main/);
    await page.keyboard.press('/');
    await page.keyboard.type('shop_web');
    await page.waitForSelector('#found:has-text("3 of 17 entries")');
    await tabTo(page, 'Entries of the checkpoint');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.details .drawing');
    expect(await focused(page)).toMatch(/^ASIDE details/);
    await page.keyboard.press('/');
    await tabTo(page, 'Entries of the checkpoint');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    expect(await page.getAttribute('.row.active', 'aria-level')).toBe('2');
    expect(await page.getAttribute('[role=tree]', 'aria-activedescendant')).toBe(
      await page.getAttribute('.row.active', 'id'),
    );
    expect(complaints).toEqual([]);
  });

  it('reaches every button, link and field by Tab', async () => {
    const { page } = await open(await pageOf(SAMPLE), `#task=${DAMAGED}`);
    await page.waitForSelector('.details .drawing');
    await page.waitForTimeout(400);
    const all = (await page.evaluate(
      `[...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')].filter((each) => each.checkVisibility({ contentVisibilityAuto: true })).length`,
    )) as number;
    // Of a group of radio buttons one is reached, and the others by arrows.
    const others = 4;
    await page.evaluate('document.body.focus()');
    const reached = new Set<string>();
    for (let tabs = 0; tabs < all + 10; tabs++) {
      await page.keyboard.press('Tab');
      reached.add(
        (await page.evaluate(`String([...document.querySelectorAll('*')].indexOf(document.activeElement))`)) as string,
      );
    }
    expect(reached.size).toBeGreaterThanOrEqual(all - others);
  });

  it('is printed so that it can be read', async () => {
    const { page } = await open(await pageOf(SAMPLE));
    await page.waitForSelector('.printed tbody tr', { state: 'attached' });
    const pdf = path.join(temporaryFolder(), 'report.pdf');
    fs.writeFileSync(pdf, await page.pdf({ format: 'A4' }));
    await page.emulateMedia({ media: 'print' });
    expect(await page.isVisible('.search')).toBe(false);
    expect(await page.isVisible('.printed')).toBe(true);
    expect(await page.$$eval('.printed tbody tr', (rows) => rows.length)).toBe(5);
    expect(fs.statSync(pdf).size).toBeGreaterThan(20_000);
    const text = textOfPdf(pdf);
    if (text === undefined) return;
    for (const each of [
      'REFUSES (strict, every start): 2 fatal, 1 loss',
      `mesos-ckpt prune ${SAMPLE} --salvage`,
      'wire type 7 (at byte 378)',
      'executor-info-damaged',
      'nightly_report.3b0e0a52',
    ]) {
      expect(text).toContain(each);
    }
  });

  it('shows hostile ids and messages as texts, and lets them do nothing', async () => {
    const folder = materialise('marathon');
    const log = pathIn('marathon', /task\.updates$/);
    const status = sub(4, sub(1, bytes(1, 't')), int(2, 1), bytes(4, `${HARMFUL}\u{202e}\u{1b}[31m`));
    const update = [sub(1, bytes(1, 'f')), status, double(5, 1_700_000_000), bytes(6, uuid(1))];
    fs.writeFileSync(path.join(folder, log), record(Buffer.concat([int(1, 0), sub(2, ...update)])));
    const framework = path.join(folder, pathIn('marathon', /framework\.info$/));
    fs.writeFileSync(framework, record(Buffer.concat([bytes(1, 'root'), bytes(2, HARMFUL)])));
    const executors = path.join(path.dirname(framework), 'executors');
    const hostile = `${HARMFUL.replaceAll('/', '')}\u{202e}`;
    fs.cpSync(path.join(executors, fs.readdirSync(executors)[0] ?? ''), path.join(executors, hostile), {
      recursive: true,
      verbatimSymlinks: true,
    });
    const file = await pageOf(folder, folder);
    expect(fs.readFileSync(file, 'utf8')).not.toContain('onerror');
    const { page, complaints } = await open(
      file,
      `#agent=${encodeURIComponent(folder)}&executor=${encodeURIComponent(hostile)}`,
    );
    await page.waitForSelector('.details h3');
    expect(await page.textContent('.details h3 code')).toContain('<script><img src=x onerror=');
    expect(await page.textContent('.details h3 code')).toContain('\\u202e');
    await page.goto(
      `file://${file}#agent=${encodeURIComponent(folder)}&task=${encodeURIComponent(log.split('/').at(-2) ?? '')}`,
    );
    await page.waitForSelector('.records .said');
    const said = (await page.$$eval('.records .said', (all) => all.map((each) => each.textContent))).join(' ');
    expect(said).toContain('onerror=alert(1)>\\u202e\\x1b[31m');
    expect(await page.$$eval('img, #app script, iframe', (all) => all.length)).toBe(0);
    const all = await page.evaluate('document.body.innerText');
    for (const character of ['\u202e', '\u{1b}']) expect(all).not.toContain(character);
    expect(complaints).toEqual([]);
  });

  it('breaks the longest id that there can be, on a telephone too', async () => {
    const folder = materialise('marathon');
    const executors = path.join(folder, pathIn('marathon', /executor\.info$/), '../..');
    for (const each of fs.readdirSync(executors)) {
      fs.renameSync(path.join(executors, each), path.join(executors, `${each}${'a'.repeat(255 - each.length)}`));
    }
    const { page, complaints } = await open(await pageOf(folder), '', { width: 390 });
    await page.waitForSelector('#section-costs dd');
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('of many agents leads from the table of all to each, and back', async () => {
    const missing = path.join(temporaryFolder(), 'none.tar');
    fs.writeFileSync(missing, 'no archive');
    const file = path.join(temporaryFolder(), 'fleet.html');
    await run(['report', SAMPLE, materialise('marathon'), missing, '-o', file]);
    const { page, complaints } = await open(file);
    await page.waitForSelector('.hosts tbody tr');
    expect(await page.textContent('h1')).toContain('1 does not come up');
    expect(await page.$$eval('.hosts tbody tr', (rows) => rows.length)).toBe(3);
    expect(await seriousIn(page)).toEqual([]);
    await page.fill('input[type=search]', 'refuses');
    await page.click('.hosts tbody a');
    await page.waitForSelector('[role=tree]');
    expect(await page.textContent('h1')).toContain('REFUSES');
    await page.click('nav a:has-text("All agents")');
    await page.waitForSelector('.hosts');
    expect(complaints).toEqual([]);
  });

  it('shows the host and before and after, on a narrow screen too', async () => {
    const root = makeHostOnDisk(readHostFixture('checkpoint'));
    const folder = materialise('marathon');
    fs.truncateSync(path.join(folder, pathIn('marathon', /task\.info$/)), 20);
    const plan = path.join(temporaryFolder(), 'plan.json');
    await run(['prune', folder, '--as-non-strict', '--plan', plan]);
    const file = await pageOf(folder, '--root', root, '--plan', plan);
    const { page, complaints } = await open(file, '#section=preflight', { width: 390, scheme: 'dark' });
    await page.waitForSelector('.checks tbody tr');
    await page.waitForSelector('.differences li');
    await page.waitForSelector('[role=tree]');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await seriousIn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
