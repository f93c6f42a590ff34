import { textOf } from '../../text/lossless.ts';
import { BytePool, copyFew } from './pool.ts';

/** Before a target: how many bytes of it are here, how many it has from another one before that, and where that is. */
const HEAD = 8;
/** Of less, that costs more than it saves. */
const LEAST_SHARED = 32;
/** A target has fewer bytes. */
const MOST = 64 * 1024;
/** The one that was asked for last, put together. */
const asked = Buffer.allocUnsafeSlow(MOST);

/** Where links lead: most to a place near the one that another leads to, so that they begin alike. */
export class Targets {
  readonly #pool = new BytePool();
  /** The last one that is here whole: its bytes, and where it is. */
  #whole: Buffer = Buffer.alloc(0);
  #wholeAt = 0;

  /** Keeps a target, `bytes[start, end)`, which has fewer than 64 KiB; where it is. */
  add(bytes: Buffer, start: number, end: number): number {
    const alike = alikeIn(bytes, start, end, this.#whole);
    const shared = alike < LEAST_SHARED ? 0 : alike;
    const own = end - start - shared;
    const at = this.#pool.reserve(HEAD + own);
    const page = this.#pool.page(at);
    const place = this.#pool.placeOf(at);
    page.writeUInt16LE(own, place);
    page.writeUInt16LE(shared, place + 2);
    page.writeUInt32LE(this.#wholeAt, place + 4);
    copyFew(bytes, start + shared, end, page, place + HEAD);
    if (shared === 0) {
      this.#whole = page.subarray(place + HEAD, place + HEAD + own);
      this.#wholeAt = at;
    }
    return at;
  }

  textAt(at: number): string {
    const page = this.#pool.page(at);
    const start = this.#pool.placeOf(at);
    const end = start + HEAD + page.readUInt16LE(start);
    const shared = page.readUInt16LE(start + 2);
    if (shared === 0) return textOf(page, start + HEAD, end);
    const whole = page.readUInt32LE(start + 4);
    const from = this.#pool.placeOf(whole) + HEAD;
    this.#pool.page(whole).copy(asked, 0, from, from + shared);
    return textOf(asked, 0, shared + page.copy(asked, shared, start + HEAD, end));
  }
}

/** How many bytes `bytes[start, end)` and another begin alike with. */
const alikeIn = (bytes: Buffer, start: number, end: number, other: Buffer): number => {
  const most = Math.min(end - start, other.length);
  let count = 0;
  while (count < most && bytes[start + count] === other[count]) count++;
  return count;
};
