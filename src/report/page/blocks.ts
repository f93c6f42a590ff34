import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { plainJsonLine } from '../../text/escape.ts';

/**
 * The blocks of a page: JSON, compressed, each in an element that no browser runs or shows. They are
 * unpacked when they are looked at.
 */
export class Blocks {
  #count = 0;
  readonly #waiting: Buffer[] = [];

  /** Adds a block, and gives its number. */
  add(value: unknown): number {
    return this.addText(plainJsonLine(value));
  }

  /** The same of a text that is JSON. */
  addText(json: string): number {
    const number = this.reserve();
    this.#put(number, json);
    return number;
  }

  /** The number of a block that is written later. */
  reserve(): number {
    return this.#count++;
  }

  /** Adds the block of a number that was reserved. */
  put(number: number, value: unknown): void {
    this.#put(number, plainJsonLine(value));
  }

  #put(number: number, json: string): void {
    const packed = gzipSync(json, { level: 6 }).toString('base64');
    this.#waiting.push(
      Buffer.from(`<script type="application/octet-stream" id="block-${number}">${packed}</script>\n`),
    );
  }

  /** The elements of the blocks that were added since this was last asked. */
  take(): readonly Buffer[] {
    return this.#waiting.splice(0);
  }
}

/** The program and the style of the page, as the build makes them. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

/** What stands before the blocks. What may be loaded and run is this page's own, and nothing else. */
export const pageBegin = ({ script, style }: Assets): Buffer => {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
  return Buffer.from(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>mesos-ckpt report</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<div id="app"><p class="wait" role="status">Unpacking the report…</p></div>
<noscript><p class="wait">This report is drawn by its own script, which the browser does not run here. mesos-ckpt report --json prints what is in it.</p></noscript>
`);
};

/** The program, behind the blocks with which it begins; the number of the first that it reads. Others may follow. */
export const pageProgram = ({ script }: Assets, overview: number): Buffer =>
  Buffer.from(`<meta id="overview" data-block="${overview}">\n<script>${script}</script>\n`);

export const PAGE_END = Buffer.from('</body>\n</html>\n');

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
