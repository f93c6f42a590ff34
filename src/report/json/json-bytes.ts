import { plainJsonLine } from '../../text/escape.ts';
import { textOf } from '../../text/lossless.ts';

/** A short value takes less; what is longer looks whether there is room for it. */
const ROOM = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DIGITS = Buffer.from('0123456789abcdef');

/** Which bytes stand in JSON for themselves, and are harmless on a screen: the printable ones of ASCII, but two. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/** JSON that is put together from bytes, without a text for each value: as `plainJsonLine` writes it, to the letter. */
export class JsonBytes {
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);
  length = 0;
  /** Whether all of them are ASCII. */
  #isAscii = true;

  /** Begins anew. */
  clear(): void {
    this.length = 0;
    this.#isAscii = true;
  }

  /** Drops what came behind a place. */
  cut(length: number): void {
    this.length = length;
  }

  /** All of it. */
  text(): string {
    return this.#bytes.toString(this.#isAscii ? 'latin1' : 'utf8', 0, this.length);
  }

  /** One character of ASCII. */
  byte(byte: number): void {
    if (this.length === this.#bytes.length) this.#grow(ROOM);
    this.#bytes[this.length++] = byte;
  }

  /** Puts another byte where one was. */
  replace(at: number, byte: number): void {
    this.#bytes[at] = byte;
  }

  /** Bytes of ASCII, of which there are few. */
  raw(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#grow(length);
    const into = this.#bytes;
    const to = this.length;
    for (let at = 0; at < length; at++) into[to + at] = bytes[at] as number;
    this.length = to + length;
  }

  /** A text of ASCII. */
  ascii(text: string): void {
    this.#grow(text.length);
    this.length += this.#bytes.write(text, this.length, 'latin1');
  }

  /** A text, in quotes. */
  quoted(text: string): void {
    this.#line(plainJsonLine(text));
  }

  /** The text that bytes are, in quotes. */
  quotedAt(bytes: Buffer, start: number, end: number): void {
    this.#grow(end - start + 2);
    const into = this.#bytes;
    let to = this.length;
    into[to++] = QUOTE;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (IS_PLAIN[byte] === 0) {
        this.quoted(textOf(bytes, start, end));
        return;
      }
      into[to++] = byte;
    }
    into[to++] = QUOTE;
    this.length = to;
  }

  /** Bytes in hexadecimal, without quotes. */
  hexAt(bytes: Buffer, start: number, end: number): void {
    this.#grow(2 * (end - start));
    const into = this.#bytes;
    let to = this.length;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      into[to++] = DIGITS[byte >> 4] as number;
      into[to++] = DIGITS[byte & 15] as number;
    }
    this.length = to;
  }

  #line(json: string): void {
    // A character takes three bytes at most, and a pair of two four.
    this.#grow(3 * json.length);
    const count = this.#bytes.write(json, this.length, 'utf8');
    if (count !== json.length) this.#isAscii = false;
    this.length += count;
  }

  /** Makes room for so many bytes more. */
  #grow(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.length + more));
    this.#bytes.copy(larger, 0, 0, this.length);
    this.#bytes = larger;
  }
}
