// Makes docs/pictures/report.png, with which the README opens: the report of the bundled agent, whose checkpoint is damaged, as
// a browser shows it. CHROMIUM is the browser, Debian's where it is not set. The build has to be there: npm run build.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [width, height] = [1060, 1400];
/** What is left out, so that the rest can be read: what changes from day to day, and what takes much room. */
const LEFT_OUT = [
  '.verdict > .facts',
  '.steps',
  '#section-findings',
  'nav',
  '.ways details',
  '#section-tree search',
  '.legend',
];

const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-picture-'));
try {
  const file = path.join(folder, 'report.html');
  const command = ['bin/mesos-ckpt.js', 'report', 'fixtures/sample-agent', '-o', file];
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  if (status !== 2) throw new Error(`the report was not written: ${stderr}`);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(`file://${file}`);
  await page.waitForSelector('[role=treeitem]');
  await page.evaluate((selectors) => {
    for (const selector of selectors) for (const each of document.querySelectorAll(selector)) each.hidden = true;
    for (const each of document.querySelectorAll('.verdict > .facts, .legend, .list > .note'))
      each.style.display = 'none';
    document.querySelector('.rows').style.height = '584px';
  }, LEFT_OUT);
  await page.waitForTimeout(300);
  const { y, height: end } = await page.locator('.browser').boundingBox();
  const clip = { x: 0, y: 0, width, height: Math.min(height, Math.ceil(y + end) + 12) };
  const picture = path.join(root, 'docs/pictures/report.png');
  fs.mkdirSync(path.dirname(picture), { recursive: true });
  await page.screenshot({ path: picture, clip });
  await browser.close();
} finally {
  fs.rmSync(folder, { recursive: true });
}
