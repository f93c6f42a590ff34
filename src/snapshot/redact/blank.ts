import type { Span } from './scan.ts';

/** What is put in the place of a byte. */
const STAR = 0x2a;

/** How many values and bytes were blanked. */
export interface Count {
  values: number;
  bytes: number;
}

/** Blanks bytes in place, so that each length stays what it is. */
export class Blanker {
  readonly count: Count = { values: 0, bytes: 0 };
  /** Values that the agent compares, by their number. */
  readonly #compared = new Map<string, number>();

  /** A secret, whose bytes do not matter. */
  value(bytes: Buffer, { start, end }: Span): void {
    bytes.fill(STAR, start, end);
    this.count.values++;
    this.count.bytes += end - start;
  }

  /** A secret that the agent compares with others: the same become the same, and different ones different. */
  compared(bytes: Buffer, span: Span): void {
    const { start, end } = span;
    const key = bytes.toString('latin1', start, end);
    const number = this.#compared.get(key) ?? this.#compared.size;
    this.#compared.set(key, number);
    this.value(bytes, span);
    const digits = number.toString(36).slice(-(end - start));
    if (number > 0) bytes.write(digits, end - digits.length, 'latin1');
  }

  /**
   * Bytes of which it is not known what they are. A file that a power loss left full of zeros is known by them, and they
   * tell nothing: they stay.
   */
  raw(bytes: Buffer, start: number, end: number): void {
    for (let i = start; i < end; i++) {
      if (bytes[i] === 0) continue;
      bytes[i] = STAR;
      this.count.bytes++;
    }
  }

  /** Bytes that must not be UTF-8 after it either. */
  invalid(bytes: Buffer, { start, end }: Span): void {
    bytes.fill(0xff, start, end);
    this.count.bytes += end - start;
  }

  /** A varint: which byte is its last stays. */
  varint(bytes: Buffer, { start, end }: Span): void {
    for (let i = start; i < end; i++) bytes[i] = (bytes[i] as number) & 0x80;
    this.count.bytes += end - start;
  }

  /** A number of so many bytes. */
  zero(bytes: Buffer, start: number, end: number): void {
    bytes.fill(0, start, end);
    this.count.bytes += end - start;
  }
}
