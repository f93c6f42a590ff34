/**
 * Most records of a log differ from an earlier one in a few values alone, at the same places: a time, a uuid. What parses
 * with one such value parses with any, so that such a record need not be walked field by field.
 */

/** A value of a fixed size in a record, from the record's start. */
export interface Variable {
  readonly start: number;
  readonly end: number;
}

/** A record that parsed, and what may differ in another one. */
interface Template {
  readonly bytes: DataView;
  /** Where a span that has to be the same starts and ends, pair by pair. */
  readonly fixed: readonly number[];
  /** Its marks; places count from its start. */
  readonly marks: Int32Array;
}

/** More kinds of records are not worth remembering. */
const MOST = 16;

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
    if (this.#byLength.size >= MOST && !this.#byLength.has(end - start)) return;
    const bytes = Uint8Array.prototype.slice.call(buffer, start, end);
    const fixed: number[] = [];
    let from = 0;
    for (const variable of variables) {
      if (variable.start > from) fixed.push(from, variable.start);
      from = variable.end;
    }
    if (from < bytes.length) fixed.push(from, bytes.length);
    this.#byLength.set(bytes.length, {
      bytes: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      fixed,
      marks: marks.map((mark, i) => (mark >= 0 && this.#isPlace[i >> 1] === true ? mark - start : mark)),
    });
  }
}

const isLike = ({ bytes, fixed }: Template, view: DataView, start: number): boolean => {
  for (let span = 0; span < fixed.length; span += 2) {
    const end = fixed[span + 1] as number;
    let at = fixed[span] as number;
    for (; at + 4 <= end; at += 4) if (view.getInt32(start + at) !== bytes.getInt32(at)) return false;
    for (; at < end; at++) if (view.getUint8(start + at) !== bytes.getUint8(at)) return false;
  }
  return true;
};
