import { isTextAt, textOf } from '../text/lossless.ts';
import type { MessageType } from './message-type.ts';
import { isPlain } from './parse.ts';
import { type Shape, scanShapeOf, type Watch } from './shape.ts';

/** The message of a type that was read last, of which some values are asked for, without an object being made of it. */
export class PlainMessage {
  readonly #shape: Shape;
  readonly #marks: Int32Array;
  #bytes: Buffer = Buffer.alloc(0);

  /** `watch` numbers the values that may be asked for, from 0 on. */
  constructor(type: MessageType, watch: Watch) {
    this.#shape = scanShapeOf(type, watch);
    this.#marks = new Int32Array(2 * numbersIn(watch));
  }

  /** Whether `bytes[start, end)` is a message, and plain: see `isPlain`. What is asked of it is asked while they stay. */
  read(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes = bytes;
    return isPlain(this.#shape, bytes, start, end, this.#marks);
  }

  has(mark: number): boolean {
    return (this.#marks[2 * mark] as number) >= 0;
  }

  /** A number; undefined where there is none. */
  number(mark: number): number | undefined {
    return this.has(mark) ? this.#marks[2 * mark] : undefined;
  }

  /** A text; undefined where there is none. */
  text(mark: number): string | undefined {
    return this.has(mark) ? textOf(this.#bytes, this.#marks[2 * mark], this.#marks[2 * mark + 1]) : undefined;
  }

  /** Whether there is a text, and it is this one. */
  isText(mark: number, expected: string): boolean {
    const start = this.#marks[2 * mark] as number;
    return start >= 0 && isTextAt(this.#bytes, start, this.#marks[2 * mark + 1] as number, expected);
  }
}

const numbersIn = (watch: Watch): number =>
  Object.values(watch).reduce<number>(
    (sum, each) => sum + (typeof each === 'number' ? 1 : typeof each === 'object' ? numbersIn(each) : 0),
    0,
  );
