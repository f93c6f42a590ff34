import type { Extent } from '../extents.ts';

/** Bytes in a page. */
const PAGE = 64 * 1024;
/** Fewer bytes are copied faster one by one. */
const FEW = 128;

/** Copies `bytes[start, end)`, which are mostly few, to where `at` is in others. */
export const copyFew = (bytes: Buffer, start: number, end: number, to: Buffer, at: number): void => {
  if (end - start >= FEW) bytes.copy(to, at, start, end);
  else for (let i = start; i < end; i++) to[at + i - start] = bytes[i] as number;
};

/** Many pieces of bytes, one behind the other: what each has as a buffer of its own takes more than most of them have bytes. */
export class BytePool {
  readonly #pages: Buffer[] = [];
  #length = 0;

  /** Where the next piece will be. */
  get length(): number {
    return this.#length;
  }

  /** Copies `bytes[start, end)` behind all that is here; where that is. */
  add(bytes: Buffer, start: number, end: number): number {
    const address = this.#length;
    for (let from = start; from < end; ) {
      const at = this.#length % PAGE;
      const page = this.#pageFor(this.#length);
      const count = Math.min(end - from, PAGE - at);
      copyFew(bytes, from, from + count, page, at);
      this.#length += count;
      from += count;
    }
    return address;
  }

  /** Makes room for so many bytes in one page, which they have to fit into; where that is. */
  reserve(count: number): number {
    const left = (PAGE - (this.#length % PAGE)) % PAGE;
    const address = this.#length + (count > left ? left : 0);
    this.#pageFor(address);
    this.#length = address + count;
    return address;
  }

  /** Copies `bytes[start, end)` to where all of it is in one page, which it has to fit into; where that is. */
  addWhole(bytes: Buffer, start: number, end: number): number {
    const address = this.reserve(end - start);
    bytes.copy(this.page(address), this.placeOf(address), start, end);
    return address;
  }

  /** Gives back the last bytes of what was reserved last. */
  giveBack(count: number): void {
    this.#length -= count;
  }

  /** The page that the next byte comes into; it may be there already, where bytes were given back. */
  #pageFor(address: number): Buffer {
    if (address === this.#pages.length * PAGE) this.#pages.push(Buffer.allocUnsafeSlow(PAGE));
    return this.#pages.at(-1) as Buffer;
  }

  /** Copies so many bytes from an address on to the beginning of `target`. */
  copyTo(address: number, count: number, target: Buffer): void {
    for (let done = 0; done < count; ) {
      const start = (address + done) % PAGE;
      const end = Math.min(PAGE, start + count - done);
      copyFew(this.page(address + done), start, end, target, done);
      done += end - start;
    }
  }

  /** The page that an address is in. */
  page(address: number): Buffer {
    return this.#pages[Math.floor(address / PAGE)] as Buffer;
  }

  /** Where in its page an address is. */
  placeOf(address: number): number {
    return address % PAGE;
  }

  /** Adds to `extents` what is from an address to another, as what a file has from `offset` on. */
  toExtents(from: number, to: number, offset: number, extents: Extent[]): void {
    for (let at = from; at < to; ) {
      const start = at % PAGE;
      const end = Math.min(PAGE, start + to - at);
      extents.push({ offset: offset + at - from, bytes: this.page(at), start, end });
      at += end - start;
    }
  }
}
