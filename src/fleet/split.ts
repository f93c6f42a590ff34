/** A piece of input that was JSON, or was not. */
export type Piece =
  | { readonly value: unknown; readonly line: number }
  | { readonly why: string; readonly line: number };

/** In UTF-16 units: what is longer is no report, and would not fit into a string with others. */
const MOST = 256 * 1024 * 1024;

/**
 * Takes a text line by line, and hands over each JSON document in it: one on a line, as commands print it, or over several lines,
 * as it is pretty-printed. What is neither is handed over as such, by the number of the line on which it begins.
 */
export class Splitter {
  readonly #take: (piece: Piece) => void;
  #line = 0;
  /** The lines of a document that is not whole yet, where it begins, and how deep in it they end. */
  #lines: string[] = [];
  #size = 0;
  #begin = 0;
  #depth = 0;
  #inText = false;

  constructor(take: (piece: Piece) => void) {
    this.#take = take;
  }

  /** A line without its end. */
  line(text: string): void {
    this.#line += 1;
    if (this.#lines.length > 0 && !this.#goesOn(text)) this.#drop('the JSON that begins here is not whole');
    if (this.#lines.length > 0) this.#add(text);
    else this.#first(text);
  }

  /** A line that is longer than any report. */
  tooLong(): void {
    this.#line += 1;
    if (this.#lines.length > 0) this.#drop('the JSON that begins here is not whole');
    this.#take({ why: 'it is longer than any report', line: this.#line });
  }

  end(): void {
    if (this.#lines.length > 0) this.#drop('the JSON that begins here is not whole');
  }

  #first(text: string): void {
    if (/^[\s\u{feff}]*$/u.test(text)) return;
    const value = parsed(text.replace(/^\u{feff}/u, ''));
    if (value !== undefined) {
      this.#take({ value: value.value, line: this.#line });
      return;
    }
    if (!/^[{[]/.test(text.trimStart())) {
      this.#take({ why: 'it is not JSON', line: this.#line });
      return;
    }
    this.#begin = this.#line;
    this.#add(text);
    if (this.#depth <= 0 && this.#lines.length > 0) this.#drop('it is not JSON');
  }

  /** Whether a line may be of the document before it: another that begins at the margin is one of its own. */
  #goesOn(text: string): boolean {
    return !/^[{[]/.test(text) || (this.#isArray() && !text.startsWith('['));
  }

  #isArray(): boolean {
    return this.#lines[0]?.trimStart().startsWith('[') === true;
  }

  #add(text: string): void {
    this.#lines.push(text);
    this.#size += text.length + 1;
    this.#measure(text);
    if (this.#size > MOST) this.#drop('it is longer than any report');
    else if (this.#depth === 0 && !this.#inText) this.#whole();
  }

  #measure(text: string): void {
    for (const [mark] of text.matchAll(/\\.|["{}[\]]/g)) {
      if (mark.startsWith('\\')) continue;
      if (mark === '"') this.#inText = !this.#inText;
      else if (!this.#inText) this.#depth += mark === '{' || mark === '[' ? 1 : -1;
    }
    // No text goes over the end of a line.
    if (this.#inText) this.#inText = false;
  }

  #whole(): void {
    const value = parsed(this.#lines.join('\n'));
    if (value === undefined) this.#drop('it is not JSON');
    else {
      const line = this.#begin;
      this.#clear();
      this.#take({ value: value.value, line });
    }
  }

  #drop(why: string): void {
    const line = this.#begin;
    this.#clear();
    this.#take({ why, line });
  }

  #clear(): void {
    this.#lines = [];
    this.#size = 0;
    this.#depth = 0;
    this.#inText = false;
  }
}

const parsed = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};
