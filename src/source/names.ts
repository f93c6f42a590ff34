import { textOf } from '../text/lossless.ts';

/** Places for names that have come: a name that falls to the place of another takes it. */
const PLACES = 256;
/** Longer names are mostly ids, which do not come again. */
const LONGEST = 40;

/** The texts of names, of which the same few come again and again: each of those is one text. */
export class Names {
  readonly #names: string[] = new Array<string>(PLACES).fill('');

  /** The text of `bytes[start, end)`, as `textOf` makes it. */
  textOf(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST || length === 0) return textOf(bytes, start, end);
    const place = (31 * length + 7 * (bytes[start] as number) + (bytes[end - 1] as number)) % PLACES;
    const known = this.#names[place] as string;
    if (isText(known, bytes, start, end)) return known;
    const text = textOf(bytes, start, end);
    if (isText(text, bytes, start, end)) this.#names[place] = text;
    return text;
  }
}

/** Whether bytes are ASCII, and this text. */
const isText = (text: string, bytes: Buffer, start: number, end: number): boolean => {
  if (text.length !== end - start) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > 0x7f || byte !== text.charCodeAt(at - start)) return false;
  }
  return true;
};
