/** What is more than this is not copied when it is done. */
const MUCH = 1024 * 1024;
const INITIAL_SIZE = 4096;

/** Bytes that grow while a file is read, and are taken when it is done. */
export class Growing {
  #bytes = Buffer.allocUnsafeSlow(INITIAL_SIZE);
  length = 0;

  /** The bytes, with room for more behind `length`. */
  reserve(count: number): Buffer {
    if (this.length + count > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.length + count));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    return this.#bytes;
  }

  /** Adds `count` bytes of another buffer; zeros where `from` is negative. */
  add(source: Buffer, from: number, count: number): void {
    const bytes = this.reserve(count);
    if (from < 0) bytes.fill(0, this.length, this.length + count);
    else source.copy(bytes, this.length, from, from + count);
    this.length += count;
  }

  addByte(byte: number): void {
    this.reserve(1)[this.length++] = byte;
  }

  /** What has grown so far; it changes with what comes next. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  /** Gives what has grown, and starts anew: a copy of a little, to go on with the same buffer; much is not held twice. */
  take(): Buffer {
    const all = this.bytes();
    this.length = 0;
    if (all.length <= MUCH) return Buffer.from(all);
    this.#bytes = Buffer.allocUnsafeSlow(INITIAL_SIZE);
    return all;
  }
}
