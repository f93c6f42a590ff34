/** Numbers in a page, as a power of two. */
const BITS = 11;
const PAGE = 1 << BITS;
const MASK = PAGE - 1;

/**
 * A list of many small whole numbers, four bytes each. It grows by pages: nothing is copied, and no more than a page is empty.
 */
export class Int32s {
  readonly #pages: Int32Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds a number; where it is. */
  push(value: number): number {
    const at = this.#length++;
    if ((at & MASK) === 0) this.#pages.push(new Int32Array(PAGE));
    (this.#pages[at >>> BITS] as Int32Array)[at & MASK] = value;
    return at;
  }

  at(index: number): number {
    return (this.#pages[index >>> BITS] as Int32Array)[index & MASK] as number;
  }

  set(index: number, value: number): void {
    (this.#pages[index >>> BITS] as Int32Array)[index & MASK] = value;
  }
}

/** The same of numbers of any size, eight bytes each. The code is there twice, because V8 compiles it well for one kind of page. */
export class Float64s {
  readonly #pages: Float64Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): number {
    const at = this.#length++;
    if ((at & MASK) === 0) this.#pages.push(new Float64Array(PAGE));
    (this.#pages[at >>> BITS] as Float64Array)[at & MASK] = value;
    return at;
  }

  at(index: number): number {
    return (this.#pages[index >>> BITS] as Float64Array)[index & MASK] as number;
  }
}
