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

/** More lengths of records, and more kinds of one length, are not worth remembering. */
const MOST_LENGTHS = 16;
const MOST_KINDS = 4;
/** To remember a record takes as long as to parse some ten; where none comes again, all of that is to be little. */
const RECORDS_FOR_ONE = 64;
const WIDTH = 8;

/** Records that parsed, by their length. */
export class Templates {
  /** Of one length, the one that was met last comes first. */
  readonly #byLength = new Map<number, Template[]>();
  /** Records that were met, and that what is remembered next may take the time of. */
  #credit = MOST_LENGTHS * RECORDS_FOR_ONE;
  /** Which marks are places in the buffer, and not values. */
  readonly #isPlace: readonly boolean[];

  constructor(isPlace: readonly boolean[]) {
    this.#isPlace = isPlace;
  }

  /** The marks of a record that is like one that parsed, with places that count from its start; undefined of another. */
  match(view: DataView, start: number, end: number): Int32Array | undefined {
    this.#credit++;
    const templates = this.#byLength.get(end - start);
    const found = templates === undefined ? -1 : placeOf(templates, view, start);
    if (templates === undefined || found < 0) return undefined;
    if (found > 0) [templates[0], templates[found]] = [templates[found] as Template, templates[0] as Template];
    return templates[0]?.marks;
  }

  /** Whether a record of so many bytes is worth remembering. */
  canLearn(length: number): boolean {
    return this.#credit >= RECORDS_FOR_ONE && (this.#byLength.size < MOST_LENGTHS || this.#byLength.has(length));
  }

  /** Remembers a record that parsed, in place of one of the same length where those are many. `variables` are in order. */
  learn(buffer: Buffer, start: number, end: number, marks: Int32Array, variables: readonly Variable[]): void {
    const length = end - start;
    this.#credit -= RECORDS_FOR_ONE;
    const wide: number[] = [];
    const narrow: number[] = [];
    let from = 0;
    for (const variable of [...variables, { start: length, end: length }]) {
      cover(buffer, start, from, variable.start, wide, narrow);
      from = variable.end;
    }
    const templates = this.#byLength.get(length) ?? [];
    if (templates.length === MOST_KINDS) templates.pop();
    templates.unshift({
      wide: Int32Array.from(wide),
      numbers: Float64Array.from(wide, (at) => buffer.readDoubleLE(start + at)),
      narrow: Int32Array.from(narrow),
      bytes: Uint8Array.from(narrow, (at) => buffer[start + at] as number),
      marks: marks.map((mark, i) => (mark >= 0 && this.#isPlace[i >> 1] === true ? mark - start : mark)),
    });
    this.#byLength.set(length, templates);
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

/** The place of the template that a record is like; -1 where it is like none. */
const placeOf = (templates: readonly Template[], view: DataView, start: number): number => {
  for (let i = 0; i < templates.length; i++) if (isLike(templates[i] as Template, view, start)) return i;
  return -1;
};

const isLike = ({ wide, numbers, narrow, bytes }: Template, view: DataView, start: number): boolean => {
  for (let i = 0; i < wide.length; i++) {
    if (view.getFloat64(start + (wide[i] as number), true) !== numbers[i]) return false;
  }
  for (let i = 0; i < narrow.length; i++) if (view.getUint8(start + (narrow[i] as number)) !== bytes[i]) return false;
  return true;
};
