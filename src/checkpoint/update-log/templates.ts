/**
 * Most records of a log differ from an earlier one in a few values alone, at the same places: a time, a uuid. What parses
 * with one such value parses with any, so that such a record need not be walked field by field.
 */

/** A value of a fixed size in a record, from the record's start. */
export interface Variable {
  readonly start: number;
  readonly end: number;
}

/** A record that parsed, and what has to be the same in another one. */
interface Template {
  /** Where eight bytes have to be the same, and the number that they make. */
  readonly wide: Int32Array;
  readonly numbers: Float64Array;
  /** Where one byte has to be the same, and which. */
  readonly narrow: Int32Array;
  readonly bytes: Uint8Array;
  /** Its marks; places count from its start. */
  readonly marks: Int32Array;
}

/** More kinds of records are not worth remembering. */
const MOST = 16;
const WIDTH = 8;

/** Records that parsed, by their length. */
export class Templates {
  readonly #byLength = new Map<number, Template>();
  /** Which marks are places in the buffer, and not values. */
  readonly #isPlace: readonly boolean[];

  constructor(isPlace: readonly boolean[]) {
    this.#isPlace = isPlace;
  }

  /** The marks of a record that is like one that parsed, with places that count from its start; undefined of another. */
  match(view: DataView, start: number, end: number): Int32Array | undefined {
    const template = this.#byLength.get(end - start);
    return template !== undefined && isLike(template, view, start) ? template.marks : undefined;
  }

  /** Remembers a record that parsed, instead of an earlier one of the same length. `variables` are in order. */
  learn(buffer: Buffer, start: number, end: number, marks: Int32Array, variables: readonly Variable[]): void {
    const length = end - start;
    if (this.#byLength.size >= MOST && !this.#byLength.has(length)) return;
    const wide: number[] = [];
    const narrow: number[] = [];
    let from = 0;
    for (const variable of [...variables, { start: length, end: length }]) {
      cover(buffer, start, from, variable.start, wide, narrow);
      from = variable.end;
    }
    this.#byLength.set(length, {
      wide: Int32Array.from(wide),
      numbers: Float64Array.from(wide, (at) => buffer.readDoubleLE(start + at)),
      narrow: Int32Array.from(narrow),
      bytes: Uint8Array.from(narrow, (at) => buffer[start + at] as number),
      marks: marks.map((mark, i) => (mark >= 0 && this.#isPlace[i >> 1] === true ? mark - start : mark)),
    });
  }
}

/** Adds the places that cover a span of a record; the last eight bytes may overlap the ones before. */
const cover = (buffer: Buffer, start: number, from: number, to: number, wide: number[], narrow: number[]): void => {
  for (let at = from; at < to; at += WIDTH) {
    const place = Math.min(at, to - WIDTH);
    const number = place < from ? 0 : buffer.readDoubleLE(start + place);
    // Equal numbers have equal bytes but for the two zeros; and what is no number is equal to nothing.
    if (number !== 0 && !Number.isNaN(number)) wide.push(place);
    else for (let one = at; one < Math.min(at + WIDTH, to); one++) narrow.push(one);
  }
};

const isLike = ({ wide, numbers, narrow, bytes }: Template, view: DataView, start: number): boolean => {
  for (let i = 0; i < wide.length; i++) {
    if (view.getFloat64(start + (wide[i] as number), true) !== numbers[i]) return false;
  }
  for (let i = 0; i < narrow.length; i++) if (view.getUint8(start + (narrow[i] as number)) !== bytes[i]) return false;
  return true;
};
