import type { Splitter } from './split.ts';

/** In bytes: a longer line is no report, and no text could hold it. */
const MOST = 256 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Cuts bytes that come in chunks into lines, of which one at a time is held. */
export class LineReader {
  readonly #splitter: Splitter;
  readonly #most: number;
  #parts: Buffer[] = [];
  #size = 0;
  /** How many lines there were. */
  count = 0;

  constructor(splitter: Splitter, most = MOST) {
    this.#splitter = splitter;
    this.#most = most;
  }

  take(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, end));
      this.#line();
      from = end + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
  }

  end(): void {
    if (this.#size > 0) this.#line();
    this.#splitter.end();
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    // Of what is too long, nothing is kept.
    if (this.#size > this.#most) this.#parts = [];
    else this.#parts.push(part);
  }

  #line(): void {
    this.count += 1;
    const isTooLong = this.#size > this.#most;
    const [only, ...more] = this.#parts;
    const bytes = only === undefined || more.length === 0 ? only : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    if (isTooLong) this.#splitter.tooLong();
    else this.#splitter.line((bytes ?? Buffer.alloc(0)).toString('utf8'));
  }
}
