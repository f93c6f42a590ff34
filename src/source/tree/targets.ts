import { bytesOf, textOf } from '../../text/lossless.ts';
import { BytePool } from './pool.ts';

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
  /** The last one that is here whole. */
  #whole: Buffer = Buffer.alloc(0);
  #wholeAt = 0;

  /** Keeps a target, which has fewer than 64 KiB; where it is. */
  add(target: string): number {
    const bytes = bytesOf(target);
    const alike = alikeIn(bytes, this.#whole);
    const shared = alike < LEAST_SHARED ? 0 : alike;
    const at = this.#pool.reserve(HEAD + bytes.length - shared);
    const page = this.#pool.page(at);
    const start = this.#pool.placeOf(at);
    page.writeUInt16LE(bytes.length - shared, start);
    page.writeUInt16LE(shared, start + 2);
    page.writeUInt32LE(this.#wholeAt, start + 4);
    bytes.copy(page, start + HEAD, shared);
    if (shared === 0) {
      this.#whole = bytes;
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

/** How many bytes two begin alike with. */
const alikeIn = (one: Buffer, other: Buffer): number => {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && one[count] === other[count]) count++;
  return count;
};
