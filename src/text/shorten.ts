import { grouped } from './grouped.ts';
import { displayWidth, graphemes } from './width.ts';

const ELLIPSIS = '…';

/** People know things by the beginnings of their ids; the ends are often those of a random number. */
const SHARE_OF_BEGINNING = 0.6;

/** An escape as `shown()` writes it: the picture of one character, which half of would be that of another. */
const ESCAPE = /\\(?:[\\tnr]|x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\})/g;

/**
 * Shortens a text to a width in columns by taking out its middle, so that an id stays recognisable. No character and no
 * escape is cut in two; where one does not fit, the result is a column narrower. The text carries no colours yet.
 */
export const shorten = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text;
  return new Cuttable(text).cut(width, beginningOf(width));
};

/**
 * Shortens texts that stand beside each other, such as a column of ids, to a width in columns. Different ones stay
 * different as far as the width allows: where the usual cut would take away just what tells them apart, another is made.
 */
export const shortenDistinct = (texts: readonly string[], width: number): readonly string[] => {
  const cuts = new Map<string, string>();
  for (const text of texts) if (!cuts.has(text)) cuts.set(text, shorten(text, width));
  const taken = new Set(cuts.values());
  for (const [cut, group] of grouped(cuts.keys(), (text) => cuts.get(text) ?? '')) {
    if (group.length === 1) continue;
    for (const [text, other] of tellApart(group, width, cut, taken)) {
      cuts.set(text, other);
      taken.add(other);
    }
  }
  return texts.map((text) => cuts.get(text) ?? '');
};

/** The least width, at least `from` columns and at most `to`, at which different texts are shortened to different ones. */
export const leastDistinct = (texts: readonly string[], from: number, to: number): number => {
  const different = [...new Set(texts)];
  const isEnough = (width: number): boolean => new Set(shortenDistinct(different, width)).size === different.length;
  if (isEnough(from)) return from;
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
};

/** What was shortened among which others, by the width: those of a tree share their siblings. */
const among = new WeakMap<readonly string[], Map<number, ReadonlyMap<string, string>>>();

/** A text of several that do not stand in one column, shortened so that those of one width stay different. */
export const shortenAmong = (text: string, others: readonly string[], width: number): string => {
  if (displayWidth(text) <= width) return text;
  const byWidth = among.get(others) ?? new Map<number, ReadonlyMap<string, string>>();
  among.set(others, byWidth);
  let short = byWidth.get(width);
  if (short === undefined) {
    const cuts = shortenDistinct(others, width);
    short = new Map(others.map((other, i) => [other, cuts[i] ?? '']));
    byWidth.set(width, short);
  }
  return short.get(text) ?? shorten(text, width);
};

/** How many columns the beginning gets of a width. */
const beginningOf = (width: number): number => Math.floor((width - 1) * SHARE_OF_BEGINNING);

/** Cuts a group of texts at another place, the nearest to the usual one that tells most of them apart. */
const tellApart = (
  group: readonly string[],
  width: number,
  usual: string,
  taken: ReadonlySet<string>,
): ReadonlyMap<string, string> => {
  const cuttables = group.map((text) => [text, new Cuttable(text)] as const);
  let best: ReadonlyMap<string, string> = new Map();
  let different = 1;
  for (const beginning of nearest(beginningOf(width), width - 1)) {
    const cuts = new Map(cuttables.map(([text, cuttable]) => [text, cuttable.cut(width, beginning)]));
    const distinct = new Set([...cuts.values()].filter((cut) => cut === usual || !taken.has(cut))).size;
    if (distinct > different) [best, different] = [cuts, distinct];
    if (different === group.length) break;
  }
  return best;
};

/** The numbers from 0 to `last`, by their distance from one of them. */
const nearest = (from: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last) + 1 }, (_, number) => number).sort(
    (a, b) => Math.abs(a - from) - Math.abs(b - from),
  );

/** A text in the pieces that it may be cut into. */
class Cuttable {
  readonly #pieces: readonly string[];
  readonly #widths: readonly number[];

  constructor(text: string) {
    this.#pieces = piecesOf(text);
    this.#widths = this.#pieces.map(displayWidth);
  }

  /** At most `width` columns, of which the beginning gets `beginning`, the ellipsis one, and the end what is left. */
  cut(width: number, beginning: number): string {
    if (width < 1) return '';
    const [before, used] = this.#fit(beginning, (i) => i);
    const [behind] = this.#fit(width - 1 - used, (i) => this.#pieces.length - 1 - i);
    return (
      this.#pieces.slice(0, before).join('') + ELLIPSIS + this.#pieces.slice(this.#pieces.length - behind).join('')
    );
  }

  /** How many pieces fit into so many columns, in the order of `at`, and how many columns they take. */
  #fit(columns: number, at: (i: number) => number): readonly [count: number, used: number] {
    let used = 0;
    for (let count = 0; count < this.#pieces.length; count++) {
      const width = this.#widths[at(count)] ?? 0;
      if (used + width > columns) return [count, used];
      used += width;
    }
    return [this.#pieces.length, used];
  }
}

const piecesOf = (text: string): readonly string[] => {
  const pieces: string[] = [];
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    for (const each of graphemes(text.slice(from, match.index))) pieces.push(each);
    pieces.push(match[0]);
    from = match.index + match[0].length;
  }
  return [...pieces, ...graphemes(text.slice(from))];
};
